# SPDX-License-Identifier: Apache-2.0
"""The strict checker itself: it takes correct payloads and finds each of many planted mistakes, one at a time."""

import copy
import gzip
import http.client
import json
import time
import uuid
from urllib.parse import urlsplit

import pytest
from harness import audit
from otlp_checker import Checker, Mistakes

TRACE, ROOT_SPAN, CALL_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
START = time.time_ns() - 60 * 10**9
NOW = START + 30 * 10**9
RESOURCE = {
    "service.name": "mcp-keepalive",
    "service.version": "1.2.3",
    "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "swift",
    "telemetry.sdk.version": "1.2.3",
    "host.name": "host",
    "os.type": "linux",
    "process.pid": 42,
    "process.executable.name": "mcp-keepalive",
}
USER_AGENT = "mcp-keepalive/1.2.3 OTel-OTLP-Exporter-Swift/1.2.3"
HEADERS = {"Content-Type": "application/json", "User-Agent": USER_AGENT}


def attributes(**values) -> list[dict]:
    return [
        {"key": key.replace("__", "."), "value": {"stringValue": v} if isinstance(v, str) else {"intValue": str(v)}}
        for key, v in values.items()
    ]


def envelope(kind: str, scopes: str, records: str, content: list) -> dict:
    resource = {"attributes": attributes(**{key.replace(".", "__"): value for key, value in RESOURCE.items()})}
    scope = {"name": "mcp-keepalive", "version": "1.2.3"}
    return {kind: [{"resource": resource, scopes: [{"scope": scope, records: content}]}]}


def times() -> dict:
    return {"startTimeUnixNano": str(START), "timeUnixNano": str(NOW)}


def counter(name: str, *values: int) -> dict:
    points = [
        {"attributes": attributes(backend=f"b{index}", method="ping"), **times(), "asInt": value}
        for index, value in enumerate(values)
    ]
    data = {"dataPoints": points, "aggregationTemporality": 2, "isMonotonic": True}
    return {"name": name, "description": "Calls.", "unit": "{attempt}", "sum": data}


def histogram() -> dict:
    exemplar = {"filteredAttributes": [], "timeUnixNano": NOW - 5, "asDouble": 15.5, "spanId": CALL_SPAN}
    point = {
        "attributes": attributes(backend="b0"),
        **times(),
        "count": 3,
        "sum": 36.5,
        "bucketCounts": [1, 2, 0],
        "explicitBounds": [10, 20],
        "exemplars": [exemplar | {"traceId": TRACE}],
        "min": 9,
        "max": 15.5,
    }
    empty = {"attributes": attributes(backend="b1"), **times(), "count": 0, "sum": 0, "bucketCounts": [0, 0, 0]}
    data = {"dataPoints": [point, empty | {"explicitBounds": [10, 20]}], "aggregationTemporality": 2}
    return {"name": "keepalive_latency_ms", "description": "Duration.", "unit": "{ms}", "histogram": data}


def exponential() -> dict:
    buckets = {"offset": 0, "bucketCounts": [1, 1]}
    point = {**times(), "count": 3, "sum": 3.2, "scale": 0, "zeroCount": 1, "positive": buckets, "min": 0, "max": 2}
    data = {"dataPoints": [point], "aggregationTemporality": 2}
    return {"name": "mcp.client.operation.duration", "description": "D.", "unit": "s", "exponentialHistogram": data}


def gauge() -> dict:
    point = {"attributes": attributes(backend="b0"), "timeUnixNano": str(NOW), "asDouble": 1.5}
    return {"name": "keepalive_interval_seconds", "description": "I.", "unit": "s", "gauge": {"dataPoints": [point]}}


def metrics() -> dict:
    content = [
        counter("keepalive_attempt_count", 3, 0),
        counter("keepalive_success_count", 2, 0),
        counter("keepalive_failure_count", 1, 0),
        histogram(),
        gauge(),
        exponential(),
    ]
    return envelope("resourceMetrics", "scopeMetrics", "metrics", content)


def traces() -> dict:
    root = {
        "traceId": TRACE,
        "spanId": ROOT_SPAN,
        "flags": 259,
        "name": "keepalive",
        "kind": 1,
        "startTimeUnixNano": str(START),
        "endTimeUnixNano": str(NOW),
        "attributes": attributes(backend="b0", outcome="failure", reason="http_5xx"),
        "status": {"message": "http_5xx", "code": 2},
    }
    named = {"mcp__method__name": "ping", "jsonrpc__request__id": "7", "server__port": 80, "error__type": "500"}
    call = copy.deepcopy(root) | {
        "spanId": CALL_SPAN,
        "parentSpanId": ROOT_SPAN,
        "name": "ping",
        "kind": 3,
        "attributes": attributes(backend="b0", **named),
    }
    return envelope("resourceSpans", "scopeSpans", "spans", [root, call])


def logs() -> dict:
    record = {
        "timeUnixNano": str(NOW),
        "observedTimeUnixNano": str(NOW),
        "severityNumber": 13,
        "severityText": "WARN",
        "body": {"stringValue": "off"},
        "attributes": attributes(backend="b0"),
        "flags": 1,
        "traceId": TRACE,
        "spanId": ROOT_SPAN,
        "eventName": "keepalive.backend.auto_disabled",
    }
    return envelope("resourceLogs", "scopeLogs", "logRecords", [record])


PAYLOADS = {"metrics": metrics, "traces": traces, "logs": logs}


def check(signal: str, value: dict, checker: Checker | None = None):
    (checker or Checker()).check_body(f"/v1/{signal}", json.dumps(value).encode())


@pytest.mark.parametrize("signal", PAYLOADS)
def test_a_correct_payload_passes(signal):
    check(signal, PAYLOADS[signal]())


# A mistake is a path into the payload and what is put there; REMOVE takes it away.
REMOVE = object()
POINT = "resourceMetrics.0.scopeMetrics.0.metrics"
ATTEMPTS, LATENCY = f"{POINT}.0.sum", f"{POINT}.3.histogram"
H, G, E = f"{LATENCY}.dataPoints.0", f"{POINT}.4.gauge.dataPoints.0", f"{POINT}.5.exponentialHistogram.dataPoints.0"
C = f"{ATTEMPTS}.dataPoints.0"
ROOT, CALL = "resourceSpans.0.scopeSpans.0.spans.0", "resourceSpans.0.scopeSpans.0.spans.1"
LOG = "resourceLogs.0.scopeLogs.0.logRecords.0"
BASE64_TRACE = "CvdlGRbNQ92ESOshHIAxnA=="

MISTAKES = {
    # The shape of the JSON.
    "base64 trace id": (f"{ROOT}.traceId", BASE64_TRACE, "32 lowercase hexadecimal digits"),
    "uppercase trace id": (f"{ROOT}.traceId", TRACE.upper(), "32 lowercase hexadecimal digits"),
    "short span id": (f"{ROOT}.spanId", "b7ad6b71", "16 lowercase hexadecimal digits"),
    "span id of zeros": (f"{ROOT}.spanId", "0" * 16, "an identifier of zeros"),
    "empty parent": (f"{ROOT}.parentSpanId", "", "16 lowercase hexadecimal digits"),
    "uppercase id of an exemplar": (f"{H}.exemplars.0.spanId", CALL_SPAN.upper(), "16 lowercase hexadecimal digits"),
    "time as a number": (f"{ROOT}.startTimeUnixNano", START, "expected a decimal string"),
    "time of a point as a number": (f"{C}.timeUnixNano", NOW, "expected a decimal string"),
    "time of a log record as a number": (f"{LOG}.observedTimeUnixNano", NOW, "expected a decimal string"),
    "time of an exemplar as a string": (f"{H}.exemplars.0.timeUnixNano", str(NOW - 5), "found the string"),
    "counter as a string": (f"{C}.asInt", "3", "a number up to 2^53 and a string above"),
    "large counter as a number": (f"{C}.asInt", (1 << 53) + 1, "a number up to 2^53 and a string above"),
    "count as a string": (f"{H}.count", "3", "a number up to 2^53 and a string above"),
    "bucket as a string": (f"{H}.bucketCounts.0", "1", "a number up to 2^53 and a string above"),
    "counter with a fraction": (f"{C}.asInt", 3.0, "expected an integer"),
    "integer attribute as a number": (
        "resourceSpans.0.resource.attributes.8.value.intValue", 42, "expected a decimal string",
    ),
    "kind by its name": (f"{ROOT}.kind", "SPAN_KIND_INTERNAL", "expected the number of a SpanKind"),
    "unknown kind": (f"{ROOT}.kind", 9, "expected the number of a SpanKind"),
    "temporality by its name": (f"{ATTEMPTS}.aggregationTemporality", "CUMULATIVE", "the number of a"),
    "snake case": (f"{ROOT}.start_time_unix_nano", str(START), "the key is written 'startTimeUnixNano'"),
    "unknown key": (f"{ROOT}.colour", "red", "unknown key of Span"),
    "null": (f"{ROOT}.traceState", None, "null"),
    "null in an array": (f"{ROOT}.attributes.0", None, "null"),
    "empty text": (f"{ROOT}.traceState", "", "is left out"),
    "empty array": (f"{ROOT}.links", [], "an empty array is left out"),
    "false": (f"{ATTEMPTS}.isMonotonic", False, "the default false is left out"),
    "empty status": (f"{ROOT}.status", {}, "an empty Status"),
    "empty attribute value": (f"{ROOT}.attributes.0.value", {}, "an empty AnyValue"),
    "empty array attribute": (f"{ROOT}.attributes.0.value", {"arrayValue": {}}, "an empty ArrayValue"),
    "two values": (f"{C}.asDouble", 3.5, "excludes"),
    "infinite sum": (f"{H}.sum", "Infinity", "makes sense in gauges only"),
    "exemplar without filtered attributes": (f"{H}.exemplars.0.filteredAttributes", REMOVE, "written even if"),
    "no count": (f"{LATENCY}.dataPoints.1.count", REMOVE, "'count' is written even if it is 0"),
    "attributes as an object": (f"{ROOT}.attributes", {"backend": "b0"}, "expected an array"),
    # Resource, scope, envelope.
    "no service name": ("resourceSpans.0.resource.attributes.0", REMOVE, "no text 'service.name'"),
    "no instance id": ("resourceMetrics.0.resource.attributes.2", REMOVE, "no text 'service.instance.id'"),
    "pid as a text": ("resourceLogs.0.resource.attributes.8.value", {"stringValue": "42"}, "no number 'process.pid'"),
    "another language": (
        "resourceLogs.0.resource.attributes.4.value.stringValue", "go", "'telemetry.sdk.language' is 'go'",
    ),
    "scope without a name": ("resourceSpans.0.scopeSpans.0.scope", {"version": "1"}, "the scope has no name"),
    "scope without telemetry": ("resourceSpans.0.scopeSpans.0.spans", REMOVE, "a scope without telemetry"),
    "resource without telemetry": ("resourceSpans.0.scopeSpans", REMOVE, "a resource without telemetry"),
    # Metrics.
    "point without a value": (f"{C}.asInt", REMOVE, "a point without a value"),
    "negative counter": (f"{C}.asInt", -1, "a counter at -1"),
    "sum without a start": (f"{C}.startTimeUnixNano", REMOVE, "is not a time of now"),
    "point before its start": (f"{C}.startTimeUnixNano", str(NOW + 1), "the point ends before it starts"),
    "time in milliseconds": (f"{G}.timeUnixNano", str(NOW // 10**6), "is not a time of now"),
    "time in the future": (f"{G}.timeUnixNano", str(NOW + 3600 * 10**9), "is not a time of now"),
    "no temporality": (f"{LATENCY}.aggregationTemporality", REMOVE, "no aggregation temporality"),
    "two equal series": (f"{ATTEMPTS}.dataPoints.1.attributes.0.value.stringValue", "b0", "two points for"),
    "buckets that miss a value": (f"{H}.bucketCounts", [1, 1, 0], "the buckets hold 2 and count says 3"),
    "too few buckets": (f"{H}.bucketCounts", [1, 2], "2 buckets for 2 bounds"),
    "bounds that do not increase": (f"{H}.explicitBounds", [20, 10], "do not increase strictly"),
    "min of nothing": (f"{LATENCY}.dataPoints.1.min", 0, "min or max of nothing"),
    "min outside of its bucket": (f"{H}.min", 11, "is outside of its bucket"),
    "sum that cannot be": (f"{H}.sum", 1000.5, "the sum 1000.5 of 3 values"),
    "exemplar of another interval": (f"{H}.exemplars.0.timeUnixNano", START - 1, "not of the point's interval"),
    "exemplar without a trace id": (f"{H}.exemplars.0.traceId", REMOVE, "one identifier without the other"),
    "exponential buckets that miss a value": (f"{E}.zeroCount", 0, "the buckets hold 2 and count says 3"),
    "scale beyond the limits": (f"{E}.scale", 21, "the scale is 21"),
    "unit that renames the metric": (f"{POINT}.3.unit", "ms", "would be appended to the name"),
    "unit that contradicts the name": (f"{POINT}.4.unit", "By", "the unit is 'By' and not 's'"),
    "unit in words": (f"{POINT}.5.unit", "seconds", "is not a unit of UCUM"),
    "counter without _total": (f"{POINT}.0.name", "keepalive_attempts", "end in _total"),
    "metric twice": (f"{POINT}.0.name", "keepalive_success_count", "is repeated"),
    "call that is neither success nor failure": (f"{C}.asInt", 4, "4 attempts, 3 successes and failures"),
    # Spans.
    "end before the start": (f"{ROOT}.endTimeUnixNano", str(START - 1), "the span ends before it starts"),
    "no flags": (f"{ROOT}.flags", REMOVE, "left unknown"),
    "not sampled": (f"{ROOT}.flags", 256, "a span that was not sampled is exported"),
    "flags that mean nothing": (f"{ROOT}.flags", 0x1101, "bits that mean nothing"),
    "root with a remote parent": (f"{ROOT}.flags", 0x301, "a root span has no remote parent"),
    "span without a kind": (f"{ROOT}.kind", REMOVE, "a span without a kind"),
    "error.type without an error": (f"{CALL}.status", REMOVE, "error.type without the status ERROR"),
    "error without error.type": (f"{CALL}.attributes.4", REMOVE, "the status ERROR without error.type"),
    "error.type in prose": (f"{CALL}.attributes.4.value.stringValue", "It failed!", "not a word of a closed list"),
    "request id as a number": (f"{CALL}.attributes.2.value", {"intValue": "7"}, "jsonrpc.request.id is not a text"),
    "call of another name": (f"{CALL}.name", "keepalive", "the span is named 'keepalive'"),
    "span twice": (f"{CALL}.spanId", ROOT_SPAN, "was sent before"),
    "attribute twice": (f"{CALL}.attributes.1.key", "backend", "the attribute is repeated"),
    # Log records.
    "no observed time": (f"{LOG}.observedTimeUnixNano", REMOVE, "'observedTimeUnixNano' is written"),
    "no severity": (f"{LOG}.severityNumber", REMOVE, "a record without a severity"),
    "flags of a span": (f"{LOG}.flags", 257, "bits that mean nothing in log records"),
    "span id alone": (f"{LOG}.traceId", REMOVE, "one identifier without the other"),
    "name of an event in prose": (f"{LOG}.eventName", "Backend disabled", "is not the name of an event"),
    "no body": (f"{LOG}.body", REMOVE, "a record without a body"),
}  # fmt: skip
SIGNALS = {"resourceMetrics": "metrics", "resourceSpans": "traces", "resourceLogs": "logs"}


def planted(path: str, replacement) -> tuple[str, dict]:
    """The payload that the path leads into, with a mistake in it."""
    signal = SIGNALS[path.split(".")[0]]
    payload = PAYLOADS[signal]()
    put(payload, path, replacement)
    return signal, payload


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name):
    path, replacement, words = MISTAKES[name]
    signal, payload = planted(path, replacement)
    with pytest.raises(Mistakes) as error:
        check(signal, payload)
    assert words in str(error.value)


TEXTS = {
    "not JSON": (b"{", "not JSON"),
    "NaN": (b'{"resourceSpans":NaN}', "the bare word NaN"),
    "not UTF-8": (b'{"resourceSpans":"\xff"}', "not UTF-8"),
    "an array": (b"[]", "expected an object"),
    "an empty request": (b"{}", "an empty"),
    "nothing": (b"", "not JSON"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_body_that_is_no_request_is_found(name):
    body, words = TEXTS[name]
    with pytest.raises(Mistakes, match=words):
        Checker().check_body("/v1/traces", body)


def test_a_repeated_key_is_found():
    body = json.dumps(traces()).replace('"kind": 1', '"kind": 1, "kind": 1')
    with pytest.raises(Mistakes, match="the key 'kind' is repeated"):
        Checker().check_body("/v1/traces", body.encode())


# What only two payloads together show.


def put(payload: dict, path: str, value):
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    parent = payload
    for key in keys[:-1]:
        parent = parent[key]
    if value is REMOVE:
        del parent[keys[-1]]
    else:
        parent[keys[-1]] = value


def later(changes: dict | None = None) -> dict:
    """The metrics ten seconds later, with changes."""
    payload = metrics()
    for metric in payload["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]:
        data = next(value for value in metric.values() if isinstance(value, dict))
        for point in data["dataPoints"]:
            point["timeUnixNano"] = str(NOW + 10 * 10**9)
    for path, value in (changes or {}).items():
        put(payload, path, value)
    return payload


def test_a_second_export_passes_and_an_attempt_may_be_repeated():
    checker = Checker()
    for payload in (metrics(), metrics(), later(), later()):
        check("metrics", payload, checker)
    check("traces", traces(), checker)
    check("traces", traces(), checker)


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_span_is_accepted_once(is_accepted):
    checker = Checker()
    whole, part = traces(), traces()
    del part["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    bodies = [json.dumps(payload).encode() for payload in (whole, part)]
    requests = [("/v1/traces", HEADERS | {"Content-Length": str(len(body))}, body) for body in bodies]
    checker.check_request(*requests[0], is_accepted=is_accepted)
    checker.check_request(*requests[0])
    with pytest.raises(Mistakes, match="was sent before"):
        checker.check_request(*requests[1])


def test_half_of_what_was_too_large_passes():
    checker = Checker()
    whole, half = traces(), traces()
    del half["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    for payload, is_accepted in ((whole, False), (half, True)):
        body = json.dumps(payload).encode()
        headers = HEADERS | {"Content-Length": str(len(body))}
        checker.check_request("/v1/traces", headers, body, is_accepted)


SECOND = {
    "counter that falls": ({f"{C}.asInt": 2, f"{POINT}.1.sum.dataPoints.0.asInt": 1}, "the counter fell from 3 to 2"),
    "count that falls": (
        {f"{H}.count": 2, f"{H}.bucketCounts": [0, 2, 0], f"{H}.sum": 25, f"{H}.min": 12}, "count fell from 3 to 2",
    ),
    "bucket that falls": (
        {f"{H}.bucketCounts": [0, 3, 0], f"{H}.sum": 40, f"{H}.min": 12}, "bucket 0 fell from 1 to 0",
    ),
    "start that moves": ({f"{C}.startTimeUnixNano": str(START + 1)}, "the start time of a series moved"),
    "time that stands": ({f"{C}.timeUnixNano": str(NOW)}, "the point is not later than the one before"),
    "unit that changes": ({f"{POINT}.0.unit": "{call}"}, "the metric was"),
    "temporality that changes": ({f"{ATTEMPTS}.aggregationTemporality": 1}, "the metric was"),
}  # fmt: skip


@pytest.mark.parametrize("name", SECOND)
def test_a_mistake_between_two_payloads_is_found(name):
    changes, words = SECOND[name]
    checker = Checker()
    check("metrics", metrics(), checker)
    with pytest.raises(Mistakes, match=words):
        check("metrics", later(changes), checker)


def test_a_restart_under_the_same_name_passes():
    checker = Checker()
    check("metrics", metrics(), checker)
    check("metrics", later({f"{C}.startTimeUnixNano": str(NOW + 1)}), checker)


# What is around the body.

BODY = json.dumps(traces()).encode()
AROUND = {
    "charset": ({"Content-Type": "application/json; charset=utf-8"}, BODY, "not exactly application/json"),
    "protobuf": ({"Content-Type": "application/x-protobuf"}, BODY, "not exactly application/json"),
    "user agent": ({"User-Agent": "curl/7.88.1"}, BODY, "does not name the exporter"),
    "coding": ({"Content-Encoding": "deflate"}, BODY, "was never offered"),
    "not gzip": ({"Content-Encoding": "gzip"}, BODY, "the body is not gzip"),
    "cut gzip": ({"Content-Encoding": "gzip"}, gzip.compress(BODY)[:-9], "the body is not gzip"),
    "small gzip": ({"Content-Encoding": "gzip"}, gzip.compress(b"{}"), "2 bytes are compressed"),
    "expect": ({"Expect": "100-continue"}, BODY, "waits for a permission"),
}


@pytest.mark.parametrize("coding", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "gzip"])
def test_a_correct_request_passes(coding):
    body = gzip.compress(BODY) if coding else BODY
    Checker().check_request("/v1/traces", HEADERS | coding | {"Content-Length": str(len(body))}, body)


@pytest.mark.parametrize("name", AROUND)
def test_a_mistake_around_the_body_is_found(name):
    headers, body, words = AROUND[name]
    with pytest.raises(Mistakes, match=words):
        Checker().check_request("/v1/traces", HEADERS | {"Content-Length": str(len(body))} | headers, body)


def test_another_path_is_found():
    with pytest.raises(Mistakes, match="not a path of OTLP/HTTP"):
        Checker().check_request("/v1/trace", HEADERS | {"Content-Length": str(len(BODY))}, BODY)


@pytest.mark.parametrize("through", ["sink", "collector"])
def test_whatever_the_servers_receive_is_checked(request, through):
    """Without this the whole suite could pass because nothing is looked at."""
    parts = urlsplit(request.getfixturevalue(through).url)
    before = audit.checked()
    for flags, expected in ((257, 0), (256, 1)):
        _, payload = planted(f"{ROOT}.flags", flags)
        instance = payload["resourceSpans"][0]["resource"]["attributes"][2]["value"]
        instance["stringValue"] = str(uuid.uuid4())
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        connection.request("POST", "/v1/traces", json.dumps(payload).encode(), HEADERS)
        response = connection.getresponse()
        assert response.status == 200 and response.read() is not None
        connection.close()
        assert len(audit.take_mistakes()) == expected
    assert audit.checked() == before + 2
