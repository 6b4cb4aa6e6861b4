# SPDX-License-Identifier: Apache-2.0
"""All layers together."""

import gzip
import hashlib
import re
import threading
import zlib
from collections.abc import Mapping

from google.protobuf import json_format

from . import decoding, meaning, metrics, shape
from .history import History
from .mistakes import Mistakes, Report

USER_AGENT = re.compile(r"mcp-keepalive/\S+ OTel-OTLP-Exporter-Swift/\S+")
#: Bodies that are smaller are not worth compressing.
LEAST_COMPRESSED = 256


class Checker:
    """Checks requests in the order in which they arrive; may be used by several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.checked = 0
        self.histories: dict[str, History] = {}
        self.bodies: set[bytes] = set()

    def check_request(self, path: str, headers: Mapping[str, str], body: bytes, is_accepted: bool = True):
        """Checks one request, body as it came; raises Mistakes. What is not accepted may be sent again otherwise."""
        report = Report()
        inflated = check_headers(path, headers, body, report)
        if inflated is not None and path in decoding.MESSAGES:
            self._check_body(path, inflated, report, is_accepted)
        if report.found:
            raise Mistakes(report.found)

    def check_body(self, path: str, body: bytes):
        """Checks one body that is not compressed; raises Mistakes."""
        report = Report()
        self._check_body(path, body, report)
        if report.found:
            raise Mistakes(report.found)

    def _check_body(self, path: str, body: bytes, report: Report, is_accepted: bool = True):
        value = shape.parse(body, report)
        if value is None:
            return report.require(report.found, "$", "null")
        shape.check_message(value, decoding.MESSAGES[path].DESCRIPTOR, "$", report)
        try:
            message = decoding.decode(value, path)
        except (json_format.ParseError, ValueError, TypeError, AttributeError) as error:
            return report.add("$", f"protobuf: {error}")
        with self.lock:
            self.checked += 1
            # An attempt that is repeated sends the same bytes again.
            digest = hashlib.sha256(path.encode() + body).digest()
            repeated = digest in self.bodies
            self.bodies.add(digest)
            self._check_meaning(message, repeated, is_accepted, report)

    def _check_meaning(self, message, repeated: bool, is_accepted: bool, report: Report):
        for resource, scope, path in meaning.scopes(message, "$", report):
            history = self.histories.setdefault(str(resource.get("service.instance.id")), History())
            field, records = next(((f.name, v) for f, v in scope.ListFields() if f.is_repeated), ("", ()))
            if field == "metrics":
                self._check_metrics(records, history, repeated, path, report)
            elif field == "spans":
                for index, span in enumerate(records):
                    meaning.check_span(span, f"{path}.spans[{index}]", report)
                history.check_spans(records, path, report, repeated, is_accepted)
            else:
                for index, record in enumerate(records):
                    meaning.check_log_record(record, f"{path}.logRecords[{index}]", report)

    def _check_metrics(self, records, history: History, repeated: bool, path: str, report: Report):
        points: dict[str, dict] = {}
        for index, metric in enumerate(records):
            where = f"{path}.metrics[{index}]"
            metrics.check_metric(metric, where, report)
            kind = metric.WhichOneof("data")
            if not kind:
                continue
            report.require(metric.name not in points, where, f"the metric {metric.name} is repeated")
            points[metric.name] = {
                frozenset(meaning.check_attributes(point.attributes, where, Report()).items()): point
                for point in getattr(metric, kind).data_points
            }
            if not repeated:
                history.check_metric(metric, where, report)
        metrics.check_calls(points, path, report)


def check_headers(path: str, headers: Mapping[str, str], body: bytes, report: Report) -> bytes | None:
    """Checks all around the body; returns the body as it was before compression."""
    named = {name.lower(): value for name, value in headers.items()}
    report.require(path in decoding.MESSAGES, path, "not a path of OTLP/HTTP")
    kind = named.get("content-type")
    report.require(kind == "application/json", "content-type", f"{kind!r} is not exactly application/json")
    agent = named.get("user-agent", "")
    report.require(USER_AGENT.fullmatch(agent), "user-agent", f"{agent!r} does not name the exporter")
    report.require("expect" not in named, "expect", "a request that waits for a permission")
    report.require(named.get("content-length") == str(len(body)), "content-length", "not the length of the body")
    coding = named.get("content-encoding")
    if coding is None:
        return body
    if not report.require(coding == "gzip", "content-encoding", f"{coding!r} was never offered"):
        return None
    try:
        inflated = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        report.add("content-encoding", f"the body is not gzip: {error}")
        return None
    report.require(len(inflated) >= LEAST_COMPRESSED, "content-encoding", f"{len(inflated)} bytes are compressed")
    return inflated


def check_payload(path: str, body: bytes):
    """Checks one body on its own; raises Mistakes."""
    Checker().check_body(path, body)
