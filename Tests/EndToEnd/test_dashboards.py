# SPDX-License-Identifier: Apache-2.0
"""The Grafana dashboards: they are what their source makes, their queries parse, their names exist, the lint works."""

import copy
import json
import re
import shutil
import sys

import pytest
import yaml
from harness.tools import ROOT, load_script, run

FILES = sorted((ROOT / "dashboards" / "mcp-keepalive").glob("*.json"))
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in FILES}
# What a dashboard does not show, and why.
UNUSED: dict[str, str] = {}


LINT = load_script("lint-dashboards")
PROMQL = load_script("promql.py")
PREVIEW = load_script("preview")


def queries():
    """Every PromQL query of every dashboard, annotations included."""
    for name, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                if "expr" in target:
                    yield f"{name}: {panel['title']} {target['refId']}", target["expr"]
        for annotation in dashboard["annotations"]["list"]:
            yield f"{name}: annotation {annotation['name']}", annotation["expr"]


def test_times_in_queries_are_scaled_for_the_live_run():
    scaled = [PROMQL.time_scaled(PROMQL.filled(query, "15m", "1h"), 60) for _, query in queries()]
    assert {window for query in scaled for window in re.findall(r"\[(.*?)]", query)} == {"15000ms", "60000ms"}
    # The only age that a query compares with: five minutes, from which on an agent does not count as present.
    assert [re.findall(r"[<>] (\d+)", query) for query in scaled if "time() -" in query and "< " in query] == [["5"]]


def test_the_preview_marks_round_numbers():
    assert PREVIEW.ticks(7, "short") == [0, 2, 4, 6, 8]
    assert PREVIEW.ticks(0.05, "percentunit") == pytest.approx([0, 0.01, 0.02, 0.03, 0.04, 0.05])
    assert PREVIEW.ticks(3 * 1024, "bytes") == [0, 1024, 2048, 3072]
    assert PREVIEW.ticks(600, "s") == [0, 120, 240, 360, 480, 600]


def test_the_files_are_what_their_source_makes():
    status, output = run(str(ROOT / "scripts" / "dashboards"), "--check")
    assert status == 0, output
    assert set(DASHBOARDS) == {"fleet", "backend", "agent"}


def test_a_stale_file_is_noticed(tmp_path):
    for directory in ("dashboards", "scripts"):
        shutil.copytree(ROOT / directory, tmp_path / directory)
    path = tmp_path / "dashboards" / "source" / "fleet.py"
    path.write_text(path.read_text().replace("Active sessions", "Live sessions"))
    status, output = run(str(tmp_path / "scripts" / "dashboards"), "--check")
    assert status == 1 and "fleet.json is stale" in output and "agent.json" not in output


def test_every_query_parses(tmp_path):
    rules = [
        {"record": f"query:{index}", "expr": PROMQL.filled(query, "15m", "1h")}
        for index, (_, query) in enumerate(queries())
    ]
    assert len(rules) > 90 and "$" not in str(rules)
    path = tmp_path / "queries.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    status, output = run("promtool", "check", "rules", str(path))
    assert status == 0, output


def family(name):
    return re.sub(r"_(bucket|sum|count)$", "", name)


def test_every_metric_is_in_the_catalogue_and_the_other_way_round():
    used = set().union(*(LINT.metrics(query) for _, query in queries())) - {"ALERTS"}
    assert used <= LINT.catalogue()
    missing = {family(name) for name in LINT.catalogue()} - {family(name) for name in used}
    assert missing == set(UNUSED)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_labels_in_queries_are_attributes_of_the_catalogue(name):
    catalogue = (ROOT / "docs" / "telemetry.md").read_text().replace(".", "_")
    for title, query in queries():
        if not title.startswith(name):
            continue
        grouped = ", ".join(re.findall(r"\b(?:by|on) \(([^)]*)\)", query)).split(", ")
        matched = re.findall(r'[{,](\w+)(?:=|!=|=~)"', query)
        own = {"job", "instance", "le", "alertname", "alertstate", ""}
        for label in {*grouped, *matched} - own:
            assert re.search(rf"[|;] {label}\b", catalogue), f"{title}: {label}"


def test_provisioning_fits_the_dashboards():
    provisioning = ROOT / "dashboards" / "provisioning"
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "mcp-keepalive.yaml").read_text())["providers"]
    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    readme = (ROOT / "dashboards" / "README.md").read_text()
    assert f"cp -r dashboards/mcp-keepalive {provider['options']['path']}/" in readme
    sources = yaml.safe_load((provisioning / "datasources" / "mcp-keepalive.yaml").read_text())["datasources"]
    prometheus, tempo = sources
    assert (prometheus["type"], tempo["type"]) == ("prometheus", "tempo")
    (destination,) = prometheus["jsonData"]["exemplarTraceIdDestinations"]
    assert destination == {"name": "trace_id", "datasourceUid": tempo["uid"]}


def test_links_between_the_dashboards_lead_somewhere():
    uids = {dashboard["uid"] for dashboard in DASHBOARDS.values()}
    linked = set(re.findall(r'"/d/([^?"]+)', " ".join(path.read_text() for path in FILES)))
    assert linked and linked <= uids


def test_the_required_panels_are_there():
    kinds = {panel["type"] for dashboard in DASHBOARDS.values() for panel in dashboard["panels"]}
    assert kinds == LINT.DATA_PANELS | {"row"}
    assert any("traceql" in str(panel) for panel in DASHBOARDS["backend"]["panels"])


def test_lint_finds_nothing():
    status, output = run(sys.executable, str(ROOT / "scripts" / "lint-dashboards"))
    assert (status, output) == (0, "")


def panel_of(dashboard, kind):
    return next(panel for panel in dashboard["panels"] if panel["type"] == kind)


def with_query(expression):
    def change(dashboard):
        panel_of(dashboard, "stat")["targets"][0]["expr"] = expression

    return change


def with_panel(**changes):
    def change(dashboard):
        panel_of(dashboard, "stat").update(changes)

    return change


def with_target(kind, **changes):
    def change(dashboard):
        panel_of(dashboard, kind)["targets"][0].update(changes)

    return change


def with_top(**changes):
    return lambda dashboard: dashboard.update(changes)


def with_variable(name, **changes):
    def change(dashboard):
        next(one for one in dashboard["templating"]["list"] if one["name"] == name).update(changes)

    return change


def with_defaults(**changes):
    return lambda dashboard: panel_of(dashboard, "stat")["fieldConfig"]["defaults"].update(changes)


S = '{job=~"$job",instance=~"$instance"}'
FAULTS = {
    "metric": with_query(f"max(keepalive_fallback_activ{S})"),
    "metric: the name before translation": with_query(f"sum(increase(keepalive_attempt_count{S}[$__range]))"),
    "job": with_query('max(keepalive_fallback_active{instance=~"$instance"})'),
    "job: no selector": with_query("max(keepalive_fallback_active)"),
    "instance": with_query('max(keepalive_fallback_active{job=~"$job"})'),
    "le": with_query(f'sum(rate(keepalive_latency_ms_bucket{S[:-1]},le="10"}}[$__range]))'),
    "window": with_query(f"sum(rate(keepalive_attempt_count_total{S}[5m]))"),
    "counter": with_query(f"sum(keepalive_attempt_count_total{S})"),
    "rate": with_query(f"rate(sum(keepalive_attempt_count_total{S})[$__range])"),
    "quantile": with_query(f"histogram_quantile(0.5, sum(rate(keepalive_latency_ms_bucket{S}[$__range])))"),
    "title": with_panel(title=""),
    "type": with_panel(type="graph"),
    "description": with_panel(description=" "),
    "unit": with_defaults(unit="", mappings=[]),
    "color": with_defaults(color="blue"),
    "datasource": with_panel(datasource={"type": "prometheus", "uid": "prometheus"}),
    "datasource: of a query": with_target("stat", datasource={"type": "prometheus", "uid": "other"}),
    "datasource: of an annotation": lambda dashboard: dashboard["annotations"]["list"][0].update(datasource="x"),
    "targets": with_panel(targets=[]),
    "refid": lambda dashboard: [
        target.update(refId="A") for panel in dashboard["panels"] for target in panel.get("targets", [])
    ],
    "legend": with_target("timeseries", legendFormat=""),
    "interval": lambda dashboard: [panel.pop("interval", None) for panel in dashboard["panels"]],
    "exemplar": lambda dashboard: [
        target.update(exemplar=False) for panel in dashboard["panels"] for target in panel.get("targets", [])
    ],
    "link": with_defaults(links=[{"title": "lost", "url": "/d/mcp-keepalive-fleet"}]),
    "variable": with_variable("job", multi=False),
    "variable: all": with_variable("backend", allValue=""),
    "variable: no refresh": with_variable("instance", refresh=1),
    "variable: label": with_variable("instance", label="Agent"),
    "variable: source": with_variable("datasource", query="loki"),
    "variable: query": with_variable("job", query={"query": "up"}),
    "editable": with_top(editable=True),
    "provisioning": with_top(__inputs=[]),
    "provisioning: id": with_top(id=1),
    "uid": with_top(uid="x" * 41),
    "settings": with_top(schemaVersion=36),
    "links": with_top(links=[]),
    "annotations": with_top(annotations={"list": []}),
    "id": lambda dashboard: [panel.update(id=1) for panel in dashboard["panels"]],
    "grid": lambda dashboard: panel_of(dashboard, "timeseries")["gridPos"].update(x=20),
    "grid: over another": lambda dashboard: panel_of(dashboard, "stat")["gridPos"].update(h=5),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_lint_catches_a_planted_fault(fault):
    # The backend's dashboard has everything that can be wrong.
    dashboard = copy.deepcopy(DASHBOARDS["backend"])
    assert list(LINT.findings(dashboard)) == []
    FAULTS[fault](dashboard)
    assert fault.partition(":")[0] in {check for _, check, _ in LINT.findings(dashboard)}


def test_every_rule_of_the_lint_has_a_planted_fault():
    source = (ROOT / "scripts" / "lint-dashboards").read_text()
    rules = set(re.findall(r"""yield "(\w+)", f?["']""", source))
    assert rules == {fault.partition(":")[0] for fault in FAULTS}
    assert len(rules) >= 25


def test_lint_says_where_and_fails(tmp_path):
    dashboard = copy.deepcopy(DASHBOARDS["fleet"])
    FAULTS["description"](dashboard)
    path = tmp_path / "fleet.json"
    path.write_text(json.dumps(dashboard))
    status, output = run(sys.executable, str(ROOT / "scripts" / "lint-dashboards"), str(path))
    assert (status, output) == (1, f"{path}: Agents: [description] no description\n")
