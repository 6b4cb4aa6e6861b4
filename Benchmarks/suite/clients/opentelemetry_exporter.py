#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures OpenTelemetry's Python SDK for scripts/bench: its OTLP/HTTP exporter with gzip.

Prints how many spans per second of processor time it encodes and compresses. The spans are those of
Benchmarks/TelemetryBenchmark/SampleSpans.swift; nothing is sent.
"""

import random
import statistics
import sys
import time

import requests
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

BATCH = 512
RESOURCE = Resource(
    {
        "service.name": "mcp-keepalive",
        "service.version": "0.1.0",
        "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09",
        "telemetry.sdk.name": "mcp-keepalive",
        "telemetry.sdk.language": "swift",
        "telemetry.sdk.version": "0.1.0",
        "host.name": "host-1",
        "os.type": "linux",
        "process.pid": 4711,
    }
)
SCOPE = InstrumentationScope("mcp-keepalive", "0.1.0")
CALL = {
    "backend": "search",
    "network.transport": "tcp",
    "network.protocol.name": "http",
    "network.protocol.version": "1.1",
    "server.address": "mcp.example.com",
    "server.port": 443,
    "mcp.method.name": "ping",
}
CYCLE = {"backend": "search", "method": "ping", "outcome": "success"}


class NoNetwork(requests.Session):
    """Accepts everything at once, so that only encoding and compressing take time."""

    def __init__(self):
        super().__init__()
        self.sent = 0
        self.response = requests.Response()
        self.response.status_code = 200

    def request(self, method, url, data=None, **_):
        self.sent += len(data)
        return self.response


def context(trace):
    return SpanContext(trace, random.getrandbits(64) | 1, False, TraceFlags(1))


def spans():
    now = 1_764_115_200_000_000_000
    result = []
    for index in range(BATCH // 2):
        root = context(random.getrandbits(128) | 1)
        now += random.randint(1_000_000, 50_000_000)
        end = now + random.randint(500_000, 80_000_000)
        session = f"{(index % 16 + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1:016x}"
        ids = {"jsonrpc.request.id": str(index), "mcp.session.id": session, "mcp.protocol.version": "2025-11-25"}
        common = {"resource": RESOURCE, "instrumentation_scope": SCOPE, "start_time": now}
        result += [
            ReadableSpan(
                "ping",
                context(root.trace_id),
                root,
                attributes=CALL | ids,
                kind=SpanKind.CLIENT,
                end_time=end,
                **common,
            ),
            ReadableSpan("keepalive", root, None, attributes=CYCLE, end_time=end + 20_000, **common),
        ]
    return result


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    session = NoNetwork()
    exporter = OTLPSpanExporter("http://127.0.0.1:1/v1/traces", compression=Compression.Gzip, session=session)
    batch = spans()
    rates = []
    for _ in range(rounds + 1):
        repetitions, start = 5, time.process_time()
        for _ in range(repetitions):
            if exporter.export(batch) is not SpanExportResult.SUCCESS:
                sys.exit("error: the exporter did not export")
        rates.append(repetitions * BATCH / (time.process_time() - start))
    if session.sent < 10 * BATCH:
        sys.exit("error: the exporter sent nothing")
    print(f"{session.sent / ((rounds + 1) * 5 * BATCH):.0f} bytes per span", file=sys.stderr)
    print(round(statistics.median(rates[1:])))


if __name__ == "__main__":
    main()
