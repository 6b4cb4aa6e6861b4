# SPDX-License-Identifier: Apache-2.0
"""The harness itself, without the agent: a test that passes because its instruments are blind proves nothing."""

import gzip
import json
import socket
import time
import urllib.error
import urllib.request

import pytest
from harness.client import MCPClient
from harness.faults import answers_with, drips, hangs, streams_for_ever
from harness.registration_load import Promises
from harness.scripted import HANG, Reply, rpc_error
from harness.waiting import wait_until

TRACE, ROOT_SPAN, CALL_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
METRICS = {
    "resourceMetrics": [
        {
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "mcp-keepalive"}}]},
            "scopeMetrics": [
                {
                    "scope": {"name": "harness"},
                    "metrics": [
                        {
                            "name": "keepalive_attempt_count",
                            "unit": "{attempt}",
                            "sum": {
                                "aggregationTemporality": 2,
                                "isMonotonic": True,
                                "dataPoints": [
                                    {
                                        "attributes": [{"key": "backend", "value": {"stringValue": name}}],
                                        "startTimeUnixNano": "1700000000000000000",
                                        "timeUnixNano": "1700000001000000000",
                                        "asInt": value,
                                    }
                                    for name, value in (("one", 0), ("two", 3))
                                ],
                            },
                        }
                    ],
                }
            ],
        }
    ]
}
SPAN = {
    "traceId": TRACE,
    "spanId": CALL_SPAN,
    "parentSpanId": ROOT_SPAN,
    "name": "ping",
    "kind": 3,
    "startTimeUnixNano": "1700000000000000000",
    "endTimeUnixNano": "1700000000001000000",
}
TRACES = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {"name": "harness"}, "spans": [SPAN]}]}]}


def post(url: str, payload: dict, compressed: bool) -> int:
    body = json.dumps(payload).encode()
    headers = {"content-type": "application/json"} | ({"content-encoding": "gzip"} if compressed else {})
    request = urllib.request.Request(url, gzip.compress(body) if compressed else body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("through_rotel", [True, False], ids=["rotel", "direct"])
def test_payloads_arrive_with_values_and_ids(request, sink, through_rotel):
    url = request.getfixturevalue("collector").url if through_rotel else sink.url
    assert post(f"{url}/v1/metrics", METRICS, compressed=True) == 200
    assert post(f"{url}/v1/traces", TRACES, compressed=False) == 200
    wait_until(lambda: sink.points("keepalive_attempt_count") and sink.spans(), 10, "metrics and spans arrive")
    assert sink.values("keepalive_attempt_count", by="backend") == {"one": 0, "two": 3}
    span = sink.spans()[0]
    identifiers = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    assert identifiers == (TRACE, CALL_SPAN, ROOT_SPAN)
    assert sink.refused == []


def test_sink_refuses_what_is_not_otlp(sink):
    assert post(f"{sink.url}/v1/metrics", {"resource_metrix": []}, compressed=False) == 400
    assert len(sink.refused) == 1 and sink.received("/v1/metrics") == []


def test_scripted_server_has_session_semantics(scripted):
    server = scripted()
    client = MCPClient(server.url).open()
    assert client.ping().result == {}
    assert MCPClient(server.url).ping().status == 400
    assert MCPClient(server.url, "nobody").ping().status == 404
    assert (client.delete().status, client.ping().status, client.delete().status) == (200, 404, 404)
    assert client.send("GET").status == 405
    assert [server.count(method) for method in ("ping", "DELETE", "initialize")] == [4, 2, 1]


def test_scripted_server_follows_its_script(scripted):
    server = scripted(lambda request: rpc_error(request, -32601, "no") if request.method == "ping" else None)
    client = MCPClient(server.url, server.open_session())
    assert client.ping().message["error"]["code"] == -32601
    server.script = lambda request: Reply(503, b"busy", "text/plain")
    assert client.ping().status == 503
    server.script = lambda request: HANG
    with socket.create_connection(("127.0.0.1", server.server.server_address[1])) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)


@pytest.mark.parametrize("fault", [hangs, drips, streams_for_ever], ids=lambda fault: fault.__name__)
def test_faulty_servers_see_when_the_peer_leaves(faulty, fault):
    server = faulty(fault)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        wait_until(lambda: server.requests == 1, 5, "the request is read")
    visit = server.visits[0]
    wait_until(lambda: visit.seconds is not None, 5, "the end of the visit is seen")
    assert visit.seconds < 3


def test_plain_answers(faulty):
    server = faulty(answers_with("401 Unauthorized", "no", headers="www-authenticate: Bearer\r\n"))
    started = time.monotonic()
    answer = MCPClient(server.url, "s").ping()
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert time.monotonic() - started < 5


def test_promises_that_are_broken_are_found():
    promises = Promises(kept={"a": "1", "b": None, "c": "2"}, wished={"c": ["3"], "d": ["4", None]})
    for broken, words in [
        ({"c": "2"}, "lost"),
        ({"a": "1", "c": "2", "b": "0"}, "back"),
        ({"a": "0", "c": "2"}, "old id"),
        ({"a": "1"}, "lost"),
    ]:
        with pytest.raises(AssertionError, match=words):
            promises.check(broken)
    promises.check({"a": "1", "c": "3", "d": "4"})
    assert promises.kept == {"a": "1", "c": "3", "d": "4"}
