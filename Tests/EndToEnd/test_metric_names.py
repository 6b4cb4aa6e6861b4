# SPDX-License-Identifier: Apache-2.0
"""The names by which dashboards and alerts find the metrics: a golden table over Prometheus' translation strategies.

The names are those that a running agent exports. After a deliberate change of names or units write the table anew and
read its difference, for each line of it is a query that somebody has to change:

    MCP_KEEPALIVE_UPDATE_GOLDEN=1 .tools/tests/bin/python -m pytest Tests/EndToEnd/test_metric_names.py
"""

import itertools
import os
from pathlib import Path

import pytest
from harness.agent import Agent, attached, write_configuration, write_sessions
from harness.prometheus import COUNTER, GAUGE, HISTOGRAM, STRATEGIES, prometheus_name, sample_names
from harness.scripted import ScriptedServer
from harness.sink import Sink
from harness.waiting import wait_until

GOLDEN = Path(__file__).parent / "golden" / "metric-names.txt"
HEADING = f"""\
# Written by test_metric_names.py, whose head says how to write it anew.
# OTLP name, kind, unit; then the name in Prometheus by translation strategy:
# {", ".join(STRATEGIES)}
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Name, kind and unit of every metric that an agent exports that uses every feature."""

    directory = tmp_path_factory.mktemp("names")
    sink, server = Sink(), ScriptedServer()
    configuration = write_configuration(
        directory,
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', interval: 1s }}
        defaults: {{ interval: 1s }}
        sessions_file: sessions.json
        state_dir: state
        backends:
          steady:
            url: '{server.url}'
            own_sessions: 1
            session_ttl: 10m
            fallback_tool: {{ name: peek }}
        """,
    )
    write_sessions(directory / "sessions.json", [attached("steady", server.open_session())])
    agent = Agent(configuration)
    try:
        wait_until(lambda: agent.require_running() and server.count("ping") >= 3, 20, "three pings")
        exports = len(sink.received("/v1/metrics"))
        wait_until(lambda: len(sink.received("/v1/metrics")) >= exports + 3, 20, "exports after them")
        agent.terminate()
    finally:
        agent.stop()
        server.stop()
        sink.stop()
    return sorted({described(metric) for metric in metrics_of(sink.received("/v1/metrics"))})


def metrics_of(messages):
    for message in messages:
        for resource in message.resource_metrics:
            for scope in resource.scope_metrics:
                yield from scope.metrics


def described(metric) -> tuple[str, str, str]:
    data = metric.WhichOneof("data")
    if data == "sum":
        # A sum that can fall is a gauge to Prometheus.
        return metric.name, COUNTER if metric.sum.is_monotonic else GAUGE, metric.unit
    return metric.name, GAUGE if data == "gauge" else HISTOGRAM, metric.unit


def table(exported) -> str:
    lines = [
        "\n".join([f"{name}  {kind}  {unit}", *(f"    {prometheus_name(name, unit, kind, s)}" for s in STRATEGIES)])
        for name, kind, unit in exported
    ]
    return HEADING + "\n".join(["", *lines, ""])


def test_names_are_those_of_the_table(exported):
    if os.environ.get("MCP_KEEPALIVE_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(table(exported))
    written = table(exported).split("\n")
    expected = GOLDEN.read_text().split("\n")
    different = [line for line in itertools.chain(written, expected) if (line in written) != (line in expected)]
    assert written == expected, f"differs from {GOLDEN.name} in {different}: see the head of this file"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_two_metrics_share_a_name(exported, strategy):
    owners: dict[str, str] = {}
    for name, kind, unit in exported:
        for sample in sample_names(prometheus_name(name, unit, kind, strategy), kind):
            assert owners.setdefault(sample, name) == name, f"{sample} is of {owners[sample]} and of {name}"


def test_own_names_stay_as_they_are(exported):
    """What the documentation calls a metric is what the default strategy calls it, but for three counters."""
    renamed = {
        name: prometheus_name(name, unit, kind, STRATEGIES[0])
        for name, kind, unit in exported
        if name.startswith("keepalive_") and name != prometheus_name(name, unit, kind, STRATEGIES[0])
    }
    core = [f"keepalive_{word}_count" for word in ("attempt", "failure", "success")]
    assert renamed == {name: f"{name}_total" for name in core}


EXAMPLES = [
    ("keepalive_attempt_count", "{attempt}", COUNTER, "keepalive_attempt_count_total", "keepalive_attempt_count"),
    ("keepalive_latency_ms", "{ms}", HISTOGRAM, "keepalive_latency_ms", "keepalive_latency_ms"),
    ("a_ms", "ms", HISTOGRAM, "a_ms_milliseconds", "a_ms"),
    ("share", "1", GAUGE, "share_ratio", "share"),
    ("runs", "1", COUNTER, "runs_total", "runs"),
    ("a.total.of", "1", COUNTER, "a_of_total", "a_total_of"),
    ("x__y", "s", GAUGE, "x_y_seconds", "x__y"),
    ("rate", "By/s", GAUGE, "rate_bytes_per_second", "rate"),
    ("2nd", "", GAUGE, "_2nd", "_2nd"),
    (
        "mcp.client.operation.duration", "s", HISTOGRAM,
        "mcp_client_operation_duration_seconds", "mcp_client_operation_duration",
    ),
    (
        "otel.sdk.exporter.span.exported", "{span}", COUNTER,
        "otel_sdk_exporter_span_exported_total", "otel_sdk_exporter_span_exported",
    ),
]  # fmt: skip
DOTTED_EXAMPLES = [
    ("mcp.client.operation.duration", "s", HISTOGRAM, "mcp.client.operation.duration_seconds"),
    ("otel.sdk.exporter.span.exported", "{span}", COUNTER, "otel.sdk.exporter.span.exported_total"),
    ("process.cpu.time", "s", COUNTER, "process.cpu.time_seconds_total"),
    ("keepalive_x_bytes_total", "By", COUNTER, "keepalive_x_bytes_total"),
    ("share", "1", GAUGE, "share_ratio"),
    ("rate", "By/s", GAUGE, "rate_bytes_per_second"),
]


@pytest.mark.parametrize("name, unit, kind, default, without", EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_escaped_names(name, unit, kind, default, without):
    assert prometheus_name(name, unit, kind, "UnderscoreEscapingWithSuffixes") == default
    assert prometheus_name(name, unit, kind, "UnderscoreEscapingWithoutSuffixes") == without
    assert prometheus_name(name, unit, kind, "NoTranslation") == name


@pytest.mark.parametrize("name, unit, kind, suffixed", DOTTED_EXAMPLES, ids=[example[0] for example in DOTTED_EXAMPLES])
def test_unescaped_names(name, unit, kind, suffixed):
    assert prometheus_name(name, unit, kind, "NoUTF8EscapingWithSuffixes") == suffixed
