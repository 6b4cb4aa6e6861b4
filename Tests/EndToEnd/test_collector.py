# SPDX-License-Identifier: Apache-2.0
"""Agent -> rotel, a real collector -> sink: what operators see is what happened on the wire."""

import json
import math
from types import SimpleNamespace

import pytest
from harness.agent import attached, write_configuration, write_sessions
from harness.scripted import Reply, rpc_error, tool_error
from harness.sink import MESSAGES, attributes_of, count_of, series_of
from harness.waiting import wait_until, wait_until_quiet
from otlp_checker.decoding import decode

REASONS = {
    "timeout", "dns", "connect", "reset", "tls", "unauthorized", "forbidden", "rate_limited", "http_4xx", "http_5xx",
    "redirect", "session_expired", "method_not_found", "rpc_error", "tool_error", "protocol", "no_response",
    "body_too_large", "local_resource",
}  # fmt: skip
INTERNAL, CLIENT, ERROR = 1, 3, 2


def on_ping(reply):
    return lambda request: reply(request) if request.method == "ping" else None


def on_tool(reply):
    return lambda request: reply(request) if request.method == "tools/call" else None


@pytest.fixture
def outcome(scripted, collector, sink, start_agent, tmp_path):
    """Four backends, one of each kind, until each has shown what it is about; then the agent is stopped."""
    servers = {
        "steady": scripted(),
        "failing": scripted(on_ping(lambda request: Reply(500, b"oops", "text/plain"))),
        "refusing": scripted(on_tool(lambda request: tool_error(request, "browser has crashed"))),
        "pingless": scripted(on_ping(lambda request: rpc_error(request, -32601, "Method not found"))),
    }
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: '{collector.url}', interval: 1s }}
        defaults: {{ interval: 1s, probe_after: 1h }}
        sessions_file: sessions.json
        backends:
          steady: {{ url: '{servers["steady"].url}' }}
          failing: {{ url: '{servers["failing"].url}' }}
          refusing: {{ url: '{servers["refusing"].url}', keepalive_method: 'tool:peek' }}
          pingless: {{ url: '{servers["pingless"].url}', fallback_tool: {{ name: peek }} }}
        """,
    )
    sessions = {name: server.open_session() for name, server in servers.items()}
    path = tmp_path / "sessions.json"
    write_sessions(path, [attached(name, session) for name, session in sessions.items()])
    agent = start_agent(configuration)

    def calls(name):
        return servers[name].count("ping") + servers[name].count("tools/call")

    wait_until(lambda: agent.require_running() and calls("failing") >= 3, 20, "failing was called three times")
    wait_until(lambda: agent.require_running() and calls("refusing") >= 3, 20, "refusing was called three times")
    wait_until(lambda: agent.require_running() and calls("steady") >= 5, 20, "steady was called five times")
    wait_until(lambda: servers["pingless"].count("tools/call") >= 3, 20, "the fallback was called three times")
    # Released sessions make no further calls, so that none is in flight when the agent is stopped.
    write_sessions(path, [])
    for name in ("steady", "pingless"):
        wait_until_quiet(lambda name=name: calls(name), 3, 20, f"keepalives of {name} after it left the file")
    code, _ = agent.terminate()
    assert code == 0
    wait_until(lambda: sink.total("keepalive_attempt_count") == sum(map(calls, servers)), 10, "the last counts arrive")
    return SimpleNamespace(servers=servers, calls=calls, sink=sink, relay=collector)


def test_metrics_and_traces_through_a_real_collector(outcome):
    # One run, many looks: a run costs seconds.
    attempts_equal_what_the_servers_counted(outcome)
    failures_have_their_reasons(outcome)
    breakers_opened_once(outcome)
    latency_has_every_call(outcome)
    every_series_was_born_at_zero(outcome)
    spans_are_the_calls(outcome)
    state_changes_are_log_records(outcome)
    everything_arrives_with_its_values(outcome)
    assert outcome.sink.refused == []


def everything_arrives_with_its_values(outcome):
    """Collectors are known to answer 200 and to drop what they cannot read: metrics, points, values."""
    for path in MESSAGES:
        sent = sorted(leaf for body in outcome.relay.bodies(path) for leaf in leaves(decode(json.loads(body), path)))
        assert sent, path
        count = wait_until_quiet(lambda path=path: len(arrived(outcome.sink, path)), 1, 10, f"{path} arrive")
        assert count == len(sent), path
        for (expected, numbers), (found, found_numbers) in zip(sent, arrived(outcome.sink, path), strict=True):
            assert found == expected, path
            # rotel reads some decimals as the number next to the right one.
            close = [math.isclose(*pair, rel_tol=1e-15) for pair in zip(numbers, found_numbers, strict=True)]
            assert all(close), (numbers, found_numbers)
    histograms = [
        point
        for message in outcome.sink.received("/v1/metrics")
        for point in series_of(message, "keepalive_latency_ms").values()
    ]
    assert any(sum(point.bucket_counts) > 0 and point.max >= point.min > 0 for point in histograms)


def arrived(sink, path) -> list[tuple[bytes, list[float]]]:
    return sorted(leaf for message in sink.received(path) for leaf in leaves(message))


def leaves(message) -> list[tuple[bytes, list[float]]]:
    """Each point, span or record by itself: all that it is and belongs to as bytes, and its measured numbers.

    How they are grouped is the collector's affair.
    """
    result = []
    for _, resources in message.ListFields():
        for resource in resources:
            of_resource = resource.resource.SerializeToString(deterministic=True)
            for scope in next(value for field, value in resource.ListFields() if field.is_repeated):
                of_scope = of_resource + scope.scope.SerializeToString(deterministic=True)
                for record in next(value for field, value in scope.ListFields() if field.is_repeated):
                    result += [(of_scope + leaf, numbers) for leaf, numbers in points_or_whole(record)]
    return result


def points_or_whole(record) -> list[tuple[bytes, list[float]]]:
    if "data" not in record.DESCRIPTOR.oneofs_by_name:
        return [(record.SerializeToString(deterministic=True), [])]
    metric = type(record)()
    metric.CopyFrom(record)
    data = getattr(metric, metric.WhichOneof("data"))
    points = [copy_of(point) for point in data.data_points]
    del data.data_points[:]
    of_metric = metric.SerializeToString(deterministic=True)
    return [(of_metric + point.SerializeToString(deterministic=True), numbers) for point, numbers in points]


def copy_of(point):
    """A copy whose measured numbers are 1 where they are present, and these numbers."""
    copy = type(point)()
    copy.CopyFrom(point)
    measured = [field.name for field, _ in point.ListFields() if field.name in ("as_double", "sum", "min", "max")]
    for name in measured:
        setattr(copy, name, 1)
    # rotel keeps time and span of an exemplar and loses its value, in whatever form it is written.
    for exemplar in getattr(copy, "exemplars", ()):
        exemplar.ClearField("value")
    return copy, [getattr(point, name) for name in measured]


def attempts_equal_what_the_servers_counted(outcome):
    sink = outcome.sink
    for name in outcome.servers:
        attempts = sink.total("keepalive_attempt_count", backend=name)
        assert attempts == outcome.calls(name), name
        succeeded = sink.total("keepalive_success_count", backend=name)
        assert attempts == succeeded + sink.total("keepalive_failure_count", backend=name), name
    for method, rpc in (("ping", "ping"), ("tool", "tools/call")):
        for name, server in outcome.servers.items():
            assert sink.total("keepalive_attempt_count", backend=name, method=method) == server.count(rpc), name


def failures_have_their_reasons(outcome):
    def failures(backend):
        by_reason = outcome.sink.values("keepalive_failure_count", by="reason", backend=backend)
        return {reason: count for reason, count in by_reason.items() if count}

    assert failures("steady") == {}
    assert failures("failing") == {"http_5xx": 3}
    assert failures("refusing") == {"tool_error": 3}
    # Ping is given up at its first -32601; the tool takes over in the same cycle.
    assert failures("pingless") == {"method_not_found": 1}
    assert outcome.servers["pingless"].count("ping") == 1


def breakers_opened_once(outcome):
    def disabled(backend):
        by_reason = outcome.sink.values("keepalive_auto_disabled_total", by="reason", backend=backend)
        return {reason: count for reason, count in by_reason.items() if count}

    assert disabled("failing") == {"http_5xx": 1}
    assert disabled("refusing") == {"tool_error": 1}
    assert disabled("steady") == disabled("pingless") == {}


def latency_has_every_call(outcome):
    sink = outcome.sink
    for outcome_name, counter in (("success", "keepalive_success_count"), ("failure", "keepalive_failure_count")):
        for name in outcome.servers:
            count = sink.total("keepalive_latency_ms", backend=name, outcome=outcome_name)
            assert count == sink.total(counter, backend=name), (name, outcome_name)
    for point in sink.points("keepalive_latency_ms"):
        assert list(point.explicit_bounds) == [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000]
        assert 0 <= point.sum < 10_000 * max(point.count, 1)


def every_series_was_born_at_zero(outcome):
    """increase() over a series that is born at 1 is 0, so the first export must bear zeros."""
    first = outcome.sink.received("/v1/metrics")[0]
    for metric in ("keepalive_attempt_count", "keepalive_success_count"):
        series = {
            (dict(key)["backend"], dict(key)["method"]): count_of(point)
            for key, point in series_of(first, metric).items()
        }
        expected = {(name, "ping") for name in ("steady", "failing", "pingless")}
        expected |= {(name, "tool") for name in ("refusing", "pingless")}
        assert expected <= set(series), metric
        assert set(series.values()) == {0}, metric
    failures = series_of(first, "keepalive_failure_count")
    for name in outcome.servers:
        reasons = {dict(key)["reason"] for key in failures if dict(key)["backend"] == name}
        assert reasons >= REASONS, name
    disabled = {dict(key)["backend"] for key in series_of(first, "keepalive_auto_disabled_total")}
    assert disabled == set(outcome.servers)
    starts = {point.start_time_unix_nano for point in outcome.sink.points("keepalive_attempt_count")}
    assert len(starts) == 1 and starts.pop() > 0


def spans_are_the_calls(outcome):
    spans = outcome.sink.spans()
    assert {(len(span.trace_id), len(span.span_id)) for span in spans} == {(16, 8)}
    assert len({span.span_id for span in spans}) == len(spans)
    roots = {span.span_id: span for span in spans if not span.parent_span_id}
    calls = [span for span in spans if span.parent_span_id]
    assert {(root.name, root.kind) for root in roots.values()} == {("keepalive", INTERNAL)}
    assert {span.kind for span in calls} == {CLIENT}
    for span in calls:
        parent = roots[span.parent_span_id]
        assert parent.trace_id == span.trace_id
        assert parent.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
    for name, server in outcome.servers.items():
        # The context that the backend was given is the CLIENT span's.
        sent = {
            tuple(request.traceparent.split("-")[1:3])
            for request in server.asked()
            if request.method in ("ping", "tools/call")
        }
        recorded = {
            (span.trace_id.hex(), span.span_id.hex()) for span in calls if attributes_of(span)["backend"] == name
        }
        assert sent == recorded, name
        assert len(sent) == outcome.calls(name), name
    named = {span.name for span in calls}
    assert named == {"ping", "tools/call peek"}
    failed = [span for span in calls if span.status.code == ERROR]
    assert len(failed) == outcome.sink.total("keepalive_failure_count")
    assert all(attributes_of(span)["error.type"] for span in failed)
    # The cycle whose fallback succeeded is a success: ping ERROR, root not.
    pingless = [root for root in roots.values() if attributes_of(root)["backend"] == "pingless"]
    assert pingless and all(root.status.code != ERROR for root in pingless)


def state_changes_are_log_records(outcome):
    records = outcome.sink.log_records()
    disabled = [record for record in records if record.event_name == "keepalive.backend.auto_disabled"]
    assert sorted(attributes_of(record)["backend"] for record in disabled) == ["failing", "refusing"]
    assert all(record.severity_number == 13 and record.observed_time_unix_nano for record in disabled)
    traces = {span.trace_id for span in outcome.sink.spans()}
    assert all(record.trace_id in traces for record in disabled)
