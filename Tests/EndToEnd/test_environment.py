# SPDX-License-Identifier: Apache-2.0
"""OpenTelemetry's environment variables, seen from outside: exit codes, what is told, and where telemetry goes."""

import json

import pytest
from harness.agent import Agent, run_command, write_configuration
from harness.waiting import wait_until

OK, CONFIGURATION = 0, 78
KINDS = {"resourceSpans", "resourceMetrics", "resourceLogs"}


def configuration(directory, url, telemetry=""):
    line = f"telemetry: {{ {telemetry} }}\n" if telemetry else ""
    backend = f"backends: {{ db: {{ url: '{url}', own_sessions: 1, interval: 1s, timeout: 1s }} }}\n"
    return write_configuration(directory, f"version: 1\n{line}{backend}")


def run_until_pings(server, path, count, **environment):
    """Runs the agent until it has pinged; the process, ended."""
    agent = Agent(path, **environment)
    try:
        wait_until(lambda: agent.require_running() and server.count("ping") >= count, 20, "the session is kept alive")
        code, _ = agent.terminate()
        assert code == OK
        return agent
    finally:
        agent.stop()


@pytest.mark.parametrize("verb", ["check", "run"])
@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
@pytest.mark.parametrize("signal", ["", "LOGS_"])
def test_a_protocol_that_is_not_spoken_is_a_clear_error_at_start(tmp_path, verb, protocol, signal):
    path = configuration(tmp_path, "http://127.0.0.1:1/mcp")
    name = f"OTEL_EXPORTER_OTLP_{signal}PROTOCOL"
    done = run_command(verb, "-c", path, cwd=tmp_path, **{name: protocol})
    assert done.returncode == CONFIGURATION and done.stdout == ""
    assert f"{name}: the protocol {protocol} is not supported, only http/json is" in done.stderr


def test_a_malformed_variable_is_a_warning(tmp_path):
    path = configuration(tmp_path, "http://127.0.0.1:1/mcp")
    done = run_command("check", "-c", path, cwd=tmp_path, OTEL_BSP_MAX_QUEUE_SIZE="many")
    assert done.returncode == OK
    assert "warning: OTEL_BSP_MAX_QUEUE_SIZE: 'many' is not a whole number" in done.stderr
    denied = run_command("check", "-c", path, "--deny-warnings", cwd=tmp_path, OTEL_BSP_MAX_QUEUE_SIZE="many")
    assert denied.returncode == CONFIGURATION


def test_disabled_telemetry_opens_no_connection(tmp_path, scripted, sink):
    server = scripted()
    path = configuration(tmp_path, server.url, f"endpoint: '{sink.url}', interval: 1s")
    run_until_pings(server, path, 2, OTEL_SDK_DISABLED="TRUE")
    assert not sink.raw
    assert all(request.traceparent is None for request in server.asked("ping"))


def test_lines_of_otlp_json_on_stdout(tmp_path, scripted):
    server = scripted()
    path = configuration(tmp_path, server.url)
    exporters = {f"OTEL_{signal}_EXPORTER": "otlp/stdout" for signal in ("TRACES", "METRICS", "LOGS")}
    agent = run_until_pings(server, path, 2, OTEL_SERVICE_NAME="named", **exporters)
    lines = [json.loads(line) for line in agent.stdout.splitlines()]
    assert {kind for line in lines for kind in line} <= KINDS
    assert any("resourceSpans" in line for line in lines) and any("resourceMetrics" in line for line in lines)
    for line in lines:
        (resources,) = line.values()
        attributes = {item["key"]: item["value"] for item in resources[0]["resource"]["attributes"]}
        assert attributes["service.name"] == {"stringValue": "named"}


def test_lines_for_people_on_stdout(tmp_path, scripted):
    server = scripted()
    path = configuration(tmp_path, server.url)
    variables = {"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
    agent = run_until_pings(server, path, 2, **variables)
    lines = agent.stdout.splitlines()
    assert lines and all(" SPAN " in line for line in lines)
    assert any("mcp.method.name=ping" in line for line in lines)


def test_files_of_otlp_json(tmp_path, scripted):
    server = scripted()
    (tmp_path / "otlp").mkdir()
    path = configuration(tmp_path, server.url, "directory: otlp, interval: 1s")
    agent = run_until_pings(server, path, 2)
    assert agent.stdout == ""
    for signal, kind in {"traces": "resourceSpans", "metrics": "resourceMetrics"}.items():
        lines = (tmp_path / "otlp" / f"{signal}.jsonl").read_text().splitlines()
        assert lines and all(list(json.loads(line)) == [kind] for line in lines)


def test_a_wrong_endpoint_is_told_once_per_signal(tmp_path, scripted):
    server = scripted()
    path = configuration(tmp_path, server.url)
    agent = run_until_pings(
        server,
        path,
        4,
        OTEL_EXPORTER_OTLP_ENDPOINT=server.url.removesuffix("/mcp") + "/nowhere",
        OTEL_METRIC_EXPORT_INTERVAL="100",
        OTEL_BSP_SCHEDULE_DELAY="100",
    )
    for signal in ("traces", "metrics"):
        assert agent.stderr.count(f"export of {signal} to ") == 1
