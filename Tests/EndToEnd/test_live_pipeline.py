# SPDX-License-Identifier: Apache-2.0
"""The live proof of dashboards and alerts: real agents, rotel, Prometheus and Alertmanager, in one run for all tests.

One second of the run stands for a minute: the rules are a time-scaled copy (promtool tests the real ones), and a bridge
stands in for the collector's Prometheus exporter (it is not the Go collector). harness/live_scenario.py says what
happens and which alerts are to come of it; here it is compared with what came.
"""

import json
import math
import re

import pytest
import yaml
from harness.live_scenario import AGENTS, BACKENDS, Run
from harness.pipeline import SCALE, Pipeline, named
from harness.tools import ROOT, load_script

STORIES = BACKENDS + AGENTS
ALERTS = sorted(alert for one in STORIES for alert in one.alerts)
HIDDEN = {alert: source for one in STORIES for alert, source in one.hidden.items()}
# Also inhibited, but only after it has arrived.
INHIBITED_LATER = {"BackendAutoDisabled outage connect"}
DASHBOARDS = {
    path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "dashboards" / "mcp-keepalive").glob("*.json"))
}
PREVIEW = load_script("preview")
# Queries that are always 0, or without any data, and why.
SILENT = {
    "agent: On their way C": "points are exported before the next are collected, so none is on its way then",
    "backend: Late starts and waits for the lock B": "nothing takes the lock of a session yet",
}


@pytest.fixture(scope="module")
def attempt(tmp_path_factory, request):
    """The run, and why it did not get to its end."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with Pipeline(tmp_path_factory.mktemp("live")) as pipeline:
        run, failure = Run(pipeline), None
        try:
            with capture.global_and_fixture_disabled():
                run.play()
        except AssertionError as error:
            failure = str(error)
        yield run, failure


@pytest.fixture
def live(attempt):
    run, failure = attempt
    if failure:
        pytest.skip("the run did not get to its end: see the first test")
    return run


def test_the_run_gets_to_its_end(attempt):
    assert attempt[1] is None, attempt[1]


@pytest.fixture
def ask(live):
    """The one number that a query has at a moment of the run, or at its end."""

    def ask(query, moment="end"):
        (one,) = live.pipeline.prometheus.instant(query, live.moments[moment])
        return float(one["value"][1])

    return ask


def whole(live, query, step=1) -> list[dict]:
    """The values of a query over the whole run."""
    return live.pipeline.prometheus.range(query, live.pipeline.began, live.moments["end"], step)


def firing(live) -> dict[str, list[float]]:
    """When Prometheus had which alert firing."""
    found: dict[str, list[float]] = {}
    for one in whole(live, 'ALERTS{alertstate="firing"}', 0.5):
        found.setdefault(named(one["metric"]), []).extend(float(at) for at, _ in one["values"])
    return found


# Alerts.


def test_every_alert_of_the_rules_has_a_story():
    rules = yaml.safe_load((ROOT / "alerts" / "mcp-keepalive.rules.yaml").read_text())
    names = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    assert {f"McpKeepalive{alert.split()[0]}" for alert in [*ALERTS, *HIDDEN]} == names


def test_exactly_the_expected_alerts_fired(live):
    assert sorted(firing(live)) == sorted([*ALERTS, *HIDDEN])


@pytest.mark.parametrize("alert", ALERTS)
def test_the_receiver_was_told_of_the_alert_and_of_its_end(live, alert):
    began, ended = live.pipeline.notices("firing")[alert], live.pipeline.notices("resolved")[alert]
    assert min(began) < max(ended) and max(began) <= max(ended)


def test_the_receiver_was_told_of_no_other(live):
    told = live.pipeline.notices("firing")
    assert set(told) - set(HIDDEN) == set(ALERTS)
    # What an inhibition hides may come when its source is over, if it is not over itself.
    for alert in set(told) & set(HIDDEN):
        assert min(told[alert]) > max(firing(live)[HIDDEN[alert]]), alert


def test_the_inhibitions_of_the_example_held(live):
    assert live.pipeline.inhibited == set(HIDDEN) | INHIBITED_LATER


def test_the_healthy_agent_was_there_all_the_time_and_had_no_alert(live, ask):
    assert [alert for alert in firing(live) if "steady" in alert] == []
    uptime = ask('last_over_time(process_uptime_seconds{instance="steady"}[1h])')
    assert uptime > (live.moments["end"] - live.pipeline.began) / 2


def test_agents_that_stopped_cleanly_are_not_missed(live):
    # `mistaken` stopped long before the end.
    assert [alert for alert in firing(live) if "AgentAbsent" in alert] == ["AgentAbsent fragile"]


# Dashboards.


def queries():
    for name, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                if "expr" in target:
                    yield pytest.param(panel, target, id=f"{name}: {panel['title']} {target['refId']}")
        for annotation in dashboard["annotations"]["list"]:
            yield pytest.param({}, annotation, id=f"{name}: annotation {annotation['name']}")


def preview(live, moment="end"):
    return PREVIEW.Preview(live.pipeline.prometheus, live.pipeline.began, live.moments[moment], SCALE)


@pytest.mark.parametrize(("panel", "target"), queries())
def test_query_has_something_to_say(live, panel, target, request):
    query = preview(live).query(target, panel)
    assert bool(telling(live, query)) != (request.node.callspec.id in SILENT), query


def telling(live, query) -> list[float]:
    """The values that a query has in the run, of those that say something."""
    values = [float(value) for one in whole(live, query) for _, value in one["values"]]
    return [value for value in values if math.isfinite(value) and value != 0]


def test_queries_for_what_is_not_there_say_nothing(live):
    """That the test before can fail: no query is satisfied by anything but its metrics."""
    for case in queries():
        query = preview(live).query(case.values[1], case.values[0])
        renamed = re.sub(r"\b(keepalive|mcp|otel|process|target|ALERTS)(?=[_{])", r"\1_no", query)
        assert renamed != query and telling(live, renamed) == [], renamed


def target_of(dashboard, title, number=0):
    panel = next(panel for panel in DASHBOARDS[dashboard]["panels"] if panel["title"] == title)
    return panel, panel["targets"][number]


def shown(live, dashboard, title, moment="end") -> float:
    """What a panel with a single number shows."""
    panel, target = target_of(dashboard, title)
    (one,) = live.pipeline.prometheus.instant(preview(live, moment).query(target, panel), live.moments[moment])
    return float(one["value"][1])


def test_a_table_has_one_line_per_backend(live):
    panel, _ = target_of("fleet", "Backends")
    tables = []
    for target in panel["targets"]:
        found = live.pipeline.prometheus.instant(preview(live, "outage").query(target, panel), live.moments["outage"])
        assert all(set(one["metric"]) == {"backend"} for one in found), "merge needs the same labels in every column"
        tables.append({one["metric"]["backend"] for one in found})
        assert len(found) == len(tables[-1])
    assert tables[0] >= {one.name for one in BACKENDS} | {"steady", "rare"}
    # Backends that are gone are in those columns that look back.
    assert all(table >= tables[0] for table in tables)


def test_points_of_the_latency_lead_to_traces_that_arrived(live):
    panel, target = target_of("backend", "Duration of calls", 1)
    query = preview(live).query(target, panel)
    found = live.pipeline.prometheus.exemplars(query, live.pipeline.began, live.moments["end"])
    # Not of the agents whose traces somebody refuses, or who are killed.
    for agent in ("gateway", "steady"):
        ids = {
            exemplar["labels"]["trace_id"]
            for series in found
            for exemplar in series["exemplars"]
            if series["seriesLabels"]["instance"] == agent
        }
        assert len(ids) > 10 and ids <= live.pipeline.bridge.trace_ids, agent


def test_the_preview_draws_every_panel(live):
    for name, dashboard in DASHBOARDS.items():
        drawing = preview(live, "outage")
        text, height = drawing.page(dashboard)
        assert drawing.empty == []
        assert text.count('class="panel') == len(dashboard["panels"]) and height > 1000
        assert "Grafana did not draw this" in text and "60 times as fast" in text
        assert (ROOT / "docs" / "images" / f"dashboard-{name}.png").exists()


# Numbers.


def total(series) -> str:
    """What a counter has come to, also of agents that have stopped."""
    return f"sum(last_over_time(keepalive_{series}[1h]))"


def test_attempts_are_what_the_servers_counted(live, ask):
    steady = live.servers["steady"]
    assert ask(total('attempt_count_total{backend="steady"}')) == steady.count("ping") > 10
    assert ask(total('failure_count_total{backend="steady"}')) == 0
    # Calls that were in flight when the agent stopped do not count: at most one for each session.
    for backend, sessions in {"failing": 1, "flapping": 5, "forgetful": 6, "slow": 1, "crowded": 9}.items():
        attempts = ask(total(f'attempt_count_total{{backend="{backend}"}}'))
        assert attempts <= live.servers[backend].count("ping") <= attempts + sessions, backend


def test_failures_had_every_reason_that_a_server_can_cause(live):
    behavior = (ROOT / "docs" / "behavior.md").read_text()
    table = behavior[behavior.index("## Failure reasons") :]
    reasons = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    counted = whole(live, "sum by (reason) (keepalive_failure_count_total) > 0")
    assert {one["metric"]["reason"] for one in counted} == reasons and len(reasons) == 19


def test_the_numbers_are_those_of_the_stories(live, ask):
    assert ask(total('sessions_lost_total{backend="forgetful"}')) == 1
    assert ask(total('sessions_lost_total{backend="outage",reason="expired_while_disabled"}')) == 2
    assert ask(total('auto_disabled_total{backend="flapping",reason="http_5xx"}')) == 3
    assert ask(total('reenabled_total{backend="flapping",reason="probe"}')) == 3
    assert ask('keepalive_backend_disabled{backend="outage",reason="connect"}', "outage") == 1
    assert ask('keepalive_backend_disabled{backend="outage",reason="connect"}') == 0
    assert ask("sum(keepalive_backend_disabled)") == 0
    assert shown(live, "fleet", "Disabled backends", "outage") == 1
    assert shown(live, "fleet", "Disabled backends") == 0
    assert shown(live, "backend", "State", "outage") == 2
    assert shown(live, "agent", "Oldest heartbeat", "absent") > 5
    assert shown(live, "agent", "Fullest queue", "queue") > 0.8
    # `mistaken` after the correction of its URLs, `stuck` of its limit, `fragile` after it was killed.
    assert shown(live, "agent", "Restarts") == 3
    assert shown(live, "agent", "Telemetry dropped") > 0


def test_everything_that_agents_sent_is_correct(live):
    # What is wrong is found by the fixture that looks after each test.
    assert live.pipeline.check_all() > 1000


def test_the_bridge_refused_nothing(live):
    assert live.pipeline.bridge.refused == []
