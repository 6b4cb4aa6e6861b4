# SPDX-License-Identifier: Apache-2.0
"""A decoding OTLP/HTTP receiver: protobuf (from a collector) or JSON (straight from the agent), gzip or plain.

JSON is decoded with the protobuf descriptors and unknown fields are errors, so a payload that is not OTLP is refused.
What comes from the agent is audited as well.
"""

import gzip
import json
import threading

from otlp_checker.decoding import MESSAGES, decode

from . import audit
from .loopback import Handler, Loopback


class Sink:
    """Keeps everything received: `raw` bodies after inflating, `refused` reasons, and the decoded messages."""

    def __init__(self):
        self.lock = threading.Lock()
        self.raw: list[tuple[str, dict[str, str], bytes]] = []
        self.refused: list[str] = []
        self.messages: dict[str, list] = {path: [] for path in MESSAGES}
        sink = self

        class Answers(Handler):
            def do_POST(self):
                body = self.read_body()
                try:
                    status, answer = 200, sink.receive(self.path, self.headers, body)
                except Exception as error:  # whatever is wrong with a payload, the test must hear of it
                    sink.refused.append(f"{self.path}: {error!r}: {body[:200]!r}")
                    status, answer = 400, b""
                self.answer(status, self.headers.get("content-type", "application/json"), answer)

        self.server = Loopback(Answers)
        self.url = self.server.url
        self.stop = self.server.stop

    def receive(self, path: str, headers, body: bytes) -> bytes:
        audit.check(path, headers, body)
        plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        with self.lock:
            self.raw.append((path, {name.lower(): value for name, value in headers.items()}, plain))
        message = decoded(path, headers, body)
        answer = b"{}" if headers["content-type"] == "application/json" else b""
        with self.lock:
            self.messages[path].append(message)
        return answer

    def take(self, path: str, body: bytes):
        """Takes a plain JSON body that some other server has received."""
        message = decode(json.loads(body), path)
        with self.lock:
            self.messages[path].append(message)

    def received(self, path: str) -> list:
        with self.lock:
            return list(self.messages[path])

    # Metrics. Attributes are given as keywords: points("keepalive_attempt_count", backend="b").

    def points(self, metric: str, **attributes) -> list:
        """The latest point of each series of a metric that has these attributes, in order of arrival of the series."""
        latest = {}
        for message in self.received("/v1/metrics"):
            latest |= series_of(message, metric)
        wanted = set(attributes.items())
        return [point for key, point in latest.items() if wanted <= set(key)]

    def total(self, metric: str, **attributes) -> int:
        """The sum over matching series: values of a counter, counts of a histogram."""
        return sum(count_of(point) for point in self.points(metric, **attributes))

    def values(self, metric: str, by: str, **attributes) -> dict[str, int]:
        """Totals by one attribute; series at zero are included."""
        result: dict[str, int] = {}
        for point in self.points(metric, **attributes):
            key = attributes_of(point)[by]
            result[key] = result.get(key, 0) + count_of(point)
        return result

    # Spans and log records.

    def spans(self) -> list:
        return [
            span
            for message in self.received("/v1/traces")
            for resource in message.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def log_records(self) -> list:
        return [
            record
            for message in self.received("/v1/logs")
            for resource in message.resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]


def decoded(path: str, headers, body: bytes):
    """The message of a request, gzip or plain, protobuf or JSON; an error for anything that is not OTLP."""
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if headers["content-type"] == "application/json":
        return decode(json.loads(body), path)
    if headers["content-type"] != "application/x-protobuf":
        raise ValueError(f"content type {headers['content-type']}")
    message = MESSAGES[path]()
    message.ParseFromString(body)
    return message


def series_of(message, metric: str) -> dict[frozenset, object]:
    """The points of a metric in one export, by their attributes."""
    result = {}
    for resource in message.resource_metrics:
        for scope in resource.scope_metrics:
            for candidate in scope.metrics:
                if candidate.name == metric:
                    for point in getattr(candidate, candidate.WhichOneof("data")).data_points:
                        key = frozenset(attributes_of(point).items())
                        assert key not in result, f"two points for {metric} {sorted(key)} in one export"
                        result[key] = point
    return result


def attributes_of(item) -> dict:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in item.attributes}


def count_of(point) -> int:
    if hasattr(point, "bucket_counts"):
        assert sum(point.bucket_counts) == point.count, point
        return point.count
    # A point that carries no value at all is a defect, not a zero.
    assert point.WhichOneof("value") is not None, f"a point without a value: {point}"
    return int(getattr(point, point.WhichOneof("value")))
