# SPDX-License-Identifier: Apache-2.0
"""The alerting rules: promtool's tests of the shipped file, the Kubernetes wrapper, the runbooks and the lint."""

import copy
import re
import shutil
import sys

import pytest
import yaml
from harness.tools import ROOT, load_script, run

RULES = ROOT / "alerts" / "mcp-keepalive.rules.yaml"
TESTS = sorted((ROOT / "alerts" / "tests").glob("*.test.yaml"))
RUNBOOKS = ROOT / "docs" / "runbooks"
DOCUMENT = yaml.safe_load(RULES.read_text())
ALERTS = {rule["alert"]: rule for group in DOCUMENT["groups"] for rule in group["rules"] if "alert" in rule}


LINT = load_script("lint-alerts")
SCRIPT = load_script("alerts")


def slug(alert):
    return re.sub(r"(?<!^)([A-Z])", r"-\1", alert.removeprefix("McpKeepalive")).lower()


def page_of(alert):
    return RUNBOOKS / f"{slug(alert)}.md"


def test_promtool_finds_nothing_in_the_rules():
    status, output = run("promtool", "check", "rules", "--lint=all", str(RULES))
    assert status == 0, output


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.yaml"))
def test_unit_tests_of_promtool_pass(path):
    status, output = run("promtool", "test", "rules", str(path))
    assert status == 0, output


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_has_all_kinds_of_tests(alert):
    cases = yaml.safe_load((ROOT / "alerts" / "tests" / f"{slug(alert)}.test.yaml").read_text())["tests"]
    courses = []
    for case in cases:
        checks = [check for check in case["alert_rule_test"] if check["alertname"] == alert]
        courses.append("".join("F" if check["exp_alerts"] else "-" for check in checks))
    # SessionsLost and its like fire at once, but not at the evaluation before.
    assert any(re.fullmatch("-+F+-+", course) for course in courses), "not just before, fires, resolves"
    titles = " ".join(case["name"] for case in cases)
    assert "restart" in titles
    assert re.search("two agents", titles)
    series = [series["series"] for case in cases for series in case["input_series"]]
    assert any('instance="b"' in one for one in series), "a second agent"
    first_increments = [series["values"].startswith("_x") for case in cases for series in case["input_series"]]
    if "_total" in str(recursive_expression(alert)):
        assert any(first_increments), "a counter that appears with its first event"


def recursive_expression(alert):
    """The expression of an alert with those of the recordings that it uses."""
    expression = ALERTS[alert]["expr"]
    for group in DOCUMENT["groups"]:
        for rule in group["rules"]:
            if rule.get("record") and rule["record"] in expression:
                expression += rule["expr"]
    return expression


def test_the_quiet_agents_send_every_metric_of_the_rules():
    quiet = (ROOT / "alerts" / "tests" / "quiet.test.yaml").read_text()
    used = set().union(*(LINT.metrics(rule["expr"]) for group in DOCUMENT["groups"] for rule in group["rules"]))
    assert [name for name in sorted(used) if ":" not in name and name + "{" not in quiet] == []


def changed_rules(tmp_path, alert, change):
    """A copy of the rules and of the tests of one alert in which that rule is changed."""
    document = copy.deepcopy(DOCUMENT)
    for group in document["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == alert:
                change(rule)
    (tmp_path / "tests").mkdir()
    (tmp_path / RULES.name).write_text(yaml.safe_dump(document, sort_keys=False))
    return shutil.copy(ROOT / "alerts" / "tests" / f"{slug(alert)}.test.yaml", tmp_path / "tests")


@pytest.mark.parametrize("alert", ALERTS)
def test_unit_tests_notice_when_a_delay_is_taken_away(alert, tmp_path):
    def change(rule):
        del rule["for" if "for" in rule else "keep_firing_for"]

    status, output = run("promtool", "test", "rules", str(changed_rules(tmp_path, alert, change)))
    assert status != 0 and "FAILED" in output


@pytest.mark.parametrize("alert", ALERTS)
def test_the_bounds_of_every_alert_are_tested(alert, tmp_path):
    """Twice the threshold, or one more where it is 0."""

    def change(rule):
        head, sign, bound = re.split("(> |== )", rule["expr"], maxsplit=1)
        number = re.match(r"(clamp_min\()?([\d.]+)", bound)
        value = float(number.group(2))
        rule["expr"] = head + sign + (number.group(1) or "") + str(value * 2 or 1000) + bound[number.end() :]

    status, output = run("promtool", "test", "rules", str(changed_rules(tmp_path, alert, change)))
    assert status != 0 and "FAILED" in output


def test_the_kubernetes_wrapper_is_up_to_date():
    status, output = run(str(ROOT / "scripts" / "alerts"), "--check")
    assert status == 0, output
    wrapped = yaml.safe_load((ROOT / "alerts" / "mcp-keepalive.prometheusrule.yaml").read_text())
    assert (wrapped["kind"], wrapped["spec"]) == ("PrometheusRule", DOCUMENT)


def test_a_stale_wrapper_is_noticed(tmp_path):
    for directory in ("alerts", "scripts"):
        shutil.copytree(ROOT / directory, tmp_path / directory)
    with (tmp_path / "alerts" / RULES.name).open("a") as rules:
        rules.write("  # one line more\n")
    status, output = run(str(tmp_path / "scripts" / "alerts"), "--check")
    assert status == 1 and "scripts/alerts --write" in output


def test_links_to_runbooks_can_be_put_elsewhere():
    status, output = run(str(ROOT / "scripts" / "alerts"), "--runbooks", "https://wiki.example/x", "--plain")
    assert status == 0 and "mcp-keepalive.example" not in output
    assert output.count("https://wiki.example/x/") == len(ALERTS)


def durations(text):
    """Every duration, in seconds."""
    found = re.findall(r"(?<![\w.])(\d+)(ms|s|m|h)(?![\w.])", re.sub(r'"[^"]*"', "", text))
    return [int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit] for number, unit in found]


def numbers(text):
    """Every number that is no duration; names such as job_backend:x:rate15m have none."""
    return [float(one) for one in re.findall(r"(?<![\w.:])\d+(?:\.\d+)?(?![\w.])", re.sub(r'"[^"]*"', "", text))]


def test_the_copy_for_the_live_test_is_scaled_and_nothing_else():
    status, output = run(str(ROOT / "scripts" / "alerts"), "--time-scale", "60")
    assert status == 0 and "Generated, time-scaled copy for the live test, never for use" in output
    copied = yaml.safe_load(output)
    assert len(copied["groups"]) == len(DOCUMENT["groups"])
    changed = set()
    for group, scaled_group in zip(DOCUMENT["groups"], copied["groups"], strict=True):
        for rule, scaled in zip(group["rules"], scaled_group["rules"], strict=True):
            delays = {"for", "keep_firing_for"} & set(rule)
            same = {key: value for key, value in rule.items() if key not in {"expr", *delays}}
            assert same == {key: value for key, value in scaled.items() if key not in {"expr", *delays}}
            for key in delays:
                assert durations(scaled[key]) == [seconds / 60 for seconds in durations(rule[key])]
            # Ranges of six hours are cut to 90 minutes.
            assert durations(scaled["expr"]) == [min(one, 5400) / 60 for one in durations(rule["expr"])]
            before, after = numbers(rule["expr"]), numbers(scaled["expr"])
            assert len(before) == len(after)
            changed |= {pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]}
    # The floors of ages are the only other times; what else is large is a factor.
    assert changed == {(180, 3), (300, 5)}
    expressions = [rule["expr"] for group in copied["groups"] for rule in group["rules"]]
    assert {number for one in expressions for number in numbers(one) if number > 5} == {500}


def test_promtool_takes_the_copy_for_the_live_test(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(SCRIPT.scaled(RULES.read_text(), 60))
    status, output = run("promtool", "check", "rules", str(path))
    assert status == 0, output


def test_alertmanager_takes_the_example_and_its_alerts_exist():
    example = ROOT / "alerts" / "alertmanager.example.yaml"
    status, output = run("amtool", "check-config", str(example))
    assert status == 0, output
    for rule in yaml.safe_load(example.read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            group = re.search(r'"McpKeepalive\(?([\w|]+)\)?"', matcher).group(1)
            assert {f"McpKeepalive{name}" for name in group.split("|")} <= set(ALERTS), matcher


@pytest.mark.parametrize("alert", ALERTS)
def test_every_runbook_is_complete(alert):
    text = page_of(alert).read_text()
    assert re.findall(r"^#+ (.+)$", text, re.MULTILINE) == [
        alert,
        "Meaning",
        "Impact",
        "Diagnosis",
        "Mitigation",
        "False positives",
    ]
    assert text.count("```promql") == 3 and text.count("```traceql") == 1
    assert alert in (RUNBOOKS / "README.md").read_text() and alert in (ROOT / "alerts" / "README.md").read_text()


def test_there_are_no_runbooks_without_an_alert():
    assert {path.name for path in RUNBOOKS.glob("*.md")} == {"README.md"} | {page_of(alert).name for alert in ALERTS}


def queries():
    for alert in ALERTS:
        for number, query in enumerate(re.findall(r"```promql\n(.*?)```", page_of(alert).read_text(), re.DOTALL), 1):
            yield pytest.param(" ".join(query.split()), id=f"{slug(alert)}-{number}")


def test_every_query_of_the_runbooks_parses(tmp_path):
    rules = [{"record": f"query:{index}", "expr": query.values[0]} for index, query in enumerate(queries())]
    path = tmp_path / "queries.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    status, output = run("promtool", "check", "rules", str(path))
    assert status == 0, output
    assert len(rules) == 3 * len(ALERTS)


@pytest.mark.parametrize("query", queries())
def test_every_metric_of_the_runbooks_is_in_the_catalogue(query):
    names = LINT.metrics(query)
    assert names and names <= LINT.catalogue()


def test_links_of_the_runbooks_lead_somewhere():
    for page in [*RUNBOOKS.glob("*.md"), ROOT / "alerts" / "README.md"]:
        for target in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", page.read_text()):
            path = (page.parent / target[0]).resolve()
            assert path.exists(), f"{page.name}: {target[0]}"
            assert not target[1] or target[1] in LINT.anchors(path), f"{page.name}: {target}"


def test_lint_finds_nothing():
    status, output = run(sys.executable, str(ROOT / "scripts" / "lint-alerts"))
    assert (status, output) == (0, "")


URL = LINT.RUNBOOKS + "stalled.md#meaning"
SOUND = {
    "alert": "McpKeepaliveStalled",
    "expr": "max by (job, backend) (keepalive_fallback_active) > 0",
    "for": "5m",
    "labels": {"severity": "info"},
    "annotations": {"summary": "{{ $labels.backend }}", "description": "text", "runbook_url": URL},
}
RECORDING = {
    "record": "job:keepalive_attempt:rate15m",
    "expr": "sum by (job) (rate(keepalive_attempt_count_total[15m]))",
}


def expression(text):
    return [{**SOUND, "expr": text}]


def annotations(**changes):
    return [{**SOUND, "annotations": {**SOUND["annotations"], **changes}}]


FAULTS = {
    "metric": expression("max by (job, backend) (keepalive_fallback_activ) > 0"),
    "metric: the name before translation": expression(
        "sum by (job, backend) (increase(keepalive_attempt_count[1h])) > 0"
    ),
    "topk": expression("topk(3, max by (job, backend) (keepalive_fallback_active)) > 0"),
    "absent": expression("max by (job, backend) (keepalive_fallback_active) > 0 or absent(keepalive_sessions) > 0"),
    "by: without": expression("max without (pod) (max by (job, backend) (keepalive_fallback_active)) > 0"),
    "by: of everything": expression("max by (job, backend) (keepalive_fallback_active) > max(keepalive_sessions)"),
    "le": expression('sum by (job, backend) (rate(keepalive_latency_ms_bucket{le="10"}[1h])) > 0'),
    "regexp": expression('max by (job, backend) (keepalive_sessions{state=~"paused"}) > 0'),
    "counter": expression("max by (job, backend) (keepalive_sessions_lost_total) > 0"),
    "rate: of a sum": expression("rate(sum by (job, backend) (keepalive_attempt_count_total)[1h:1m]) > 0"),
    "rate: of a gauge": expression("max by (job, backend) (rate(keepalive_sessions[1h])) > 0"),
    "quantile": expression(
        "histogram_quantile(0.9, sum by (job, backend) (rate(keepalive_latency_ms_bucket[1h]))) > 0"
    ),
    "window": expression("sum by (job, backend) (rate(keepalive_attempt_count_total[2m])) > 0"),
    "name": [{**SOUND, "alert": "KeepaliveStalled"}],
    "annotation: no summary": annotations(summary=""),
    "annotation: no description": annotations(description=None or ""),
    "severity": [{**SOUND, "labels": {"severity": "page"}}],
    "for": [{key: value for key, value in SOUND.items() if key != "for"}],
    "comparison": expression("max by (job, backend) (keepalive_fallback_active)"),
    "template": annotations(summary="{{ $labels.instance }}"),
    "runbook: elsewhere": annotations(runbook_url="https://wiki.example/stalled"),
    "runbook: another alert's": annotations(runbook_url=LINT.RUNBOOKS + "failing.md#meaning"),
    "runbook: no such heading": annotations(runbook_url=LINT.RUNBOOKS + "stalled.md#sense"),
    "duplicate": [SOUND, SOUND],
    "record: no level": [
        {**RECORDING, "record": "keepalive_attempts"},
        {**SOUND, "expr": SOUND["expr"] + " and on (job) keepalive_attempts > 0"},
    ],
    "record: a wrong level": [
        {**RECORDING, "record": "job_backend:keepalive_attempt:rate15m"},
        {**SOUND, "expr": SOUND["expr"] + " and on (job) job_backend:keepalive_attempt:rate15m > 0"},
    ],
    "unused": [RECORDING, SOUND],
    "order": [{**SOUND, "expr": SOUND["expr"] + " and on (job) job:keepalive_attempt:rate15m > 0"}, RECORDING],
}


def lint(rules):
    return {check for _, check, _ in LINT.findings({"groups": [{"name": "planted", "rules": rules}]})}


def test_lint_accepts_what_is_sound():
    assert lint([SOUND]) == set()
    used = {**SOUND, "expr": SOUND["expr"] + " and on (job) job:keepalive_attempt:rate15m > 0"}
    assert lint([RECORDING, used]) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_lint_catches_a_planted_fault(fault):
    assert fault.partition(":")[0] in lint(FAULTS[fault])


def test_every_rule_of_the_lint_has_a_planted_fault():
    source = (ROOT / "scripts" / "lint-alerts").read_text()
    rules = set(re.findall(r'yield (?:[^"\n]*, )?"(\w+)", ', source)) | set(
        re.findall(r' or rule\["record"\], "(\w+)"', source)
    )
    assert rules == {fault.partition(":")[0] for fault in FAULTS}
    assert len(rules) >= 19


def test_lint_says_where_and_fails(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "planted", "rules": FAULTS["severity"]}]}))
    status, output = run(sys.executable, str(ROOT / "scripts" / "lint-alerts"), str(path))
    assert status == 1 and output.startswith(f"{path}: McpKeepaliveStalled: [severity] ")
