# SPDX-License-Identifier: Apache-2.0
"""The stand-in for the collector's Prometheus exporter (not the Go collector): what it takes, and what it serves."""

import copy
import gzip
import json
import urllib.error
import urllib.request

import pytest
from harness.openmetrics_bridge import OPENMETRICS, Bridge
from harness.sink import decoded

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
METRICS, TRACES = "/v1/metrics", "/v1/traces"


def text(key, value):
    return {"key": key, "value": {"stringValue": value}}


def sum_of(name, unit, value, monotonic=True, temporality=2):
    point = {"attributes": [text("otel.component.type", 'a "b"')], "asInt": value}
    data = {"aggregationTemporality": temporality, "isMonotonic": monotonic, "dataPoints": [point]}
    return {"name": name, "unit": unit, "description": "One\ntwo.", "sum": data}


HISTOGRAM = {
    "name": "call.duration",
    "unit": "s",
    "histogram": {
        "aggregationTemporality": 2,
        "dataPoints": [
            {
                "explicitBounds": [0.5, 10],
                "bucketCounts": ["2", "3", "1"],
                "count": "6",
                "sum": 31.5,
                "exemplars": [{"asDouble": 7.25, "timeUnixNano": "1500000000", "traceId": TRACE, "spanId": SPAN}],
            }
        ],
    },
}
GAUGE = {"name": "share", "unit": "1", "gauge": {"dataPoints": [{"asDouble": 0.25}]}}


def payload(*metrics, **attributes):
    resource = {"service.name": "agent", "service.namespace": "team", "service.instance.id": "one", "host.name": "h"}
    resource |= attributes
    attributes = [text(key, value) for key, value in resource.items() if value]
    return {"resourceMetrics": [{"resource": {"attributes": attributes}, "scopeMetrics": [{"metrics": list(metrics)}]}]}


@pytest.fixture
def bridge(cleanup):
    bridge = Bridge()
    cleanup.callback(bridge.stop)
    return bridge


def post(bridge, body, path=METRICS, kind="application/json", **headers):
    headers = {"content-type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(bridge.url + path, content, headers), timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def scraped(bridge):
    with urllib.request.urlopen(f"{bridge.url}/metrics", timeout=10) as answer:
        assert answer.headers["content-type"] == OPENMETRICS
        lines = answer.read().decode().split("\n")
    assert lines[-2:] == ["# EOF", ""]
    return lines


def test_everything_of_a_payload_is_served(bridge):
    assert post(bridge, payload(sum_of("otel.sdk.log.created", "{log_record}", 3), HISTOGRAM, GAUGE)) == 200
    own = 'job="team/agent",instance="one"'
    ids = f'{{trace_id="{TRACE}",span_id="{SPAN}"}}'
    assert scraped(bridge)[:-2] == [
        "# TYPE target info",
        "# HELP target What is known of the target.",
        f'target_info{{{own},host_name="h"}} 1',
        "# TYPE otel_sdk_log_created counter",
        r"# HELP otel_sdk_log_created One\ntwo.",
        rf'otel_sdk_log_created_total{{{own},otel_component_type="a \"b\""}} 3',
        "# TYPE call_duration_seconds histogram",
        "# HELP call_duration_seconds ",
        f'call_duration_seconds_bucket{{{own},le="0.5"}} 2',
        f'call_duration_seconds_bucket{{{own},le="10"}} 5 # {ids} 7.25 1.500',
        f'call_duration_seconds_bucket{{{own},le="+Inf"}} 6',
        f"call_duration_seconds_count{{{own}}} 6",
        f"call_duration_seconds_sum{{{own}}} 31.5",
        "# TYPE share_ratio gauge",
        "# HELP share_ratio ",
        f"share_ratio{{{own}}} 0.25",
    ]


def test_a_sum_that_can_fall_is_a_gauge(bridge):
    assert post(bridge, payload(sum_of("queue.size", "{span}", 3, monotonic=False))) == 200
    assert "# TYPE queue_size gauge" in scraped(bridge)


def test_the_last_value_is_kept_and_agents_are_told_apart(bridge):
    for value, instance in ((1, "one"), (5, "two"), (2, "one")):
        post(bridge, payload(sum_of("runs", "1", value), **{"service.instance.id": instance, "service.namespace": ""}))
    values = [line for line in scraped(bridge) if line.startswith("runs_total")]
    assert [line.rpartition(" ")[2] for line in values] == ["2", "5"]
    assert all('job="agent"' in line for line in values)


def test_what_is_not_sent_again_is_forgotten(cleanup):
    bridge = Bridge(expiration=0)
    cleanup.callback(bridge.stop)
    assert post(bridge, payload(GAUGE)) == 200
    assert scraped(bridge) == ["# EOF", ""]


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("protobuf", [True, False])
def test_all_four_forms_mean_the_same(bridge, compressed, protobuf):
    body = json.dumps(payload(HISTOGRAM)).encode()
    kind = "application/json"
    if protobuf:
        body = decoded(METRICS, {"content-type": kind}, body).SerializeToString()
        kind = "application/x-protobuf"
    headers = {"content_encoding": "gzip"} if compressed else {}
    assert post(bridge, gzip.compress(body) if compressed else body, kind=kind, **headers) == 200
    assert [line for line in scraped(bridge) if TRACE in line and " 5 # " in line]


def test_ids_of_spans_are_noted(bridge):
    span = {"traceId": TRACE, "spanId": SPAN, "name": "ping"}
    assert post(bridge, {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}, TRACES) == 200
    assert bridge.trace_ids == {TRACE}


def test_the_rest_is_refused(bridge):
    delta = payload(sum_of("runs", "1", 1, temporality=1))
    uneven = copy.deepcopy(HISTOGRAM)
    uneven["histogram"]["dataPoints"][0]["bucketCounts"].pop()
    assert post(bridge, b"nonsense") == 400
    assert post(bridge, payload(GAUGE), kind="text/plain") == 400
    assert post(bridge, payload(GAUGE), path="/v1/other") == 400
    assert post(bridge, payload(GAUGE) | {"unknown": 1}) == 400
    assert post(bridge, json.dumps(payload(GAUGE)).encode(), content_encoding="gzip") == 400
    assert post(bridge, delta) == 400
    assert post(bridge, payload(uneven)) == 400
    # Two kinds of metric that would share a family.
    assert post(bridge, payload(sum_of("share.ratio", "1", 1), GAUGE)) == 400
    assert len(bridge.refused) == 8
