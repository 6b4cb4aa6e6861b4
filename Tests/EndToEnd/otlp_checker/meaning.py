# SPDX-License-Identifier: Apache-2.0
"""Layer 3: what the decoded request says about resource, scope, spans and log records. Metrics are in metrics.py."""

import re
import time
from collections.abc import Iterator

from .mistakes import Report

RESOURCE_TEXTS = (
    "service.name", "service.version", "service.instance.id", "telemetry.sdk.name", "telemetry.sdk.language",
    "telemetry.sdk.version", "host.name", "os.type", "process.executable.name",
)  # fmt: skip
RESOURCE_FIXED = {"telemetry.sdk.language": "swift", "os.type": "linux"}
# 2020-01-01. What is older was never set, or is not in nanoseconds.
EARLIEST = 1_577_836_800 * 10**9
CLOCK_SKEW = 60 * 10**9
SAMPLED, RANDOM, HAS_IS_REMOTE, IS_REMOTE = 0x01, 0x02, 0x100, 0x200
INTERNAL, CLIENT, ERROR = 1, 3, 2
EVENT_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
ERROR_TYPE = re.compile(r"-?[0-9]+|_OTHER|[a-z][a-z0-9_]*")


def check_time(nanoseconds: int, path: str, report: Report):
    latest = time.time_ns() + CLOCK_SKEW
    report.require(EARLIEST <= nanoseconds <= latest, path, f"{nanoseconds} is not a time of now in nanoseconds")


def value_of(value):
    """The Python value of an AnyValue; arrays as tuples."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(value_of(element) for element in value.array_value.values)
    return getattr(value, kind) if kind else None


def check_attributes(pairs, path: str, report: Report) -> dict:
    result = {}
    for pair in pairs:
        where = f"{path}.attributes[{pair.key}]"
        report.require(pair.key, where, "an attribute without a name")
        report.require(pair.key not in result, where, "the attribute is repeated")
        report.require(pair.value.WhichOneof("value") is not None, where, "an attribute without a value")
        result[pair.key] = value_of(pair.value)
    return result


def scopes(message, path: str, report: Report) -> Iterator[tuple[dict, object, str]]:
    """Each scope with the attributes of its resource."""
    groups = message.ListFields()
    if not report.require(groups, path, "an empty request"):
        return
    field, resources = groups[0]
    for index, resource in enumerate(resources):
        where = f"{path}.{field.json_name}[{index}]"
        attributes = check_resource(resource.resource, f"{where}.resource", report)
        lists = ((item.json_name, value) for item, value in resource.ListFields() if item.is_repeated)
        name, found = next(lists, ("", ()))
        report.require(found, where, "a resource without telemetry")
        for number, scope in enumerate(found):
            inner = f"{where}.{name}[{number}]"
            report.require(scope.scope.name, f"{inner}.scope", "the scope has no name")
            records = [v for f, v in scope.ListFields() if f.is_repeated]
            report.require(records and len(records[0]) > 0, inner, "a scope without telemetry")
            yield attributes, scope, inner


def check_resource(resource, path: str, report: Report) -> dict:
    attributes = check_attributes(resource.attributes, path, report)
    for name in RESOURCE_TEXTS:
        value = attributes.get(name)
        report.require(isinstance(value, str) and value, path, f"the resource has no text '{name}'")
    for name, value in RESOURCE_FIXED.items():
        report.require(attributes.get(name) == value, path, f"'{name}' is {attributes.get(name)!r} and not {value!r}")
    pid = attributes.get("process.pid")
    report.require(isinstance(pid, int) and pid > 0, path, "the resource has no number 'process.pid'")
    return attributes


# Spans.


def check_span(span, path: str, report: Report):
    attributes = check_attributes(span.attributes, path, report)
    report.require(len(span.trace_id) == 16 and any(span.trace_id), path, "a span without a trace id")
    report.require(len(span.span_id) == 8 and any(span.span_id), path, "a span without a span id")
    report.require(span.parent_span_id != span.span_id, path, "a span that is its own parent")
    report.require(span.name, path, "a span without a name")
    report.require(1 <= span.kind <= 5, path, "a span without a kind")
    check_time(span.start_time_unix_nano, f"{path}.startTimeUnixNano", report)
    check_time(span.end_time_unix_nano, f"{path}.endTimeUnixNano", report)
    report.require(span.start_time_unix_nano <= span.end_time_unix_nano, path, "the span ends before it starts")
    check_flags(span.flags, f"{path}.flags", report)
    report.require(span.flags & SAMPLED, f"{path}.flags", "a span that was not sampled is exported")
    if not span.parent_span_id:
        report.require(not span.flags & IS_REMOTE, f"{path}.flags", "a root span has no remote parent")
    for index, event in enumerate(span.events):
        where = f"{path}.events[{index}]"
        report.require(event.name, where, "an event without a name")
        check_time(event.time_unix_nano, f"{where}.timeUnixNano", report)
        check_attributes(event.attributes, where, report)
    for index, link in enumerate(span.links):
        where = f"{path}.links[{index}]"
        report.require(any(link.trace_id) and any(link.span_id), where, "a link to nothing")
        check_flags(link.flags, f"{where}.flags", report)
        check_attributes(link.attributes, where, report)
    check_status(span, attributes, path, report)
    if "mcp.method.name" in attributes and span.kind == CLIENT:
        check_call(span, attributes, path, report)


def check_flags(flags: int, path: str, report: Report):
    """The low eight bits are W3C's, bit 8 says that bit 9 is known (trace.proto, SpanFlags)."""
    known = SAMPLED | RANDOM | HAS_IS_REMOTE | IS_REMOTE
    report.require(not flags & ~known, path, f"{flags:#x} has bits that mean nothing")
    report.require(flags & HAS_IS_REMOTE, path, "whether the parent is remote is left unknown")


def check_status(span, attributes: dict, path: str, report: Report):
    failed = span.status.code == ERROR
    error_type = attributes.get("error.type")
    if error_type is not None:
        report.require(failed, path, "error.type without the status ERROR")
        fits = isinstance(error_type, str) and ERROR_TYPE.fullmatch(error_type)
        report.require(fits, path, f"error.type {error_type!r} is not a word of a closed list")
    elif failed and span.kind == CLIENT:
        report.add(path, "the status ERROR without error.type")
    report.require(failed or not span.status.message, path, "a status message without an error")


def check_call(span, attributes: dict, path: str, report: Report):
    """A CLIENT span of MCP (semantic conventions for MCP, "Client")."""
    method = attributes["mcp.method.name"]
    tool = attributes.get("gen_ai.tool.name")
    report.require(span.name == (f"{method} {tool}" if tool else method), path, f"the span is named {span.name!r}")
    request = attributes.get("jsonrpc.request.id")
    report.require(isinstance(request, str) and request, path, "jsonrpc.request.id is not a text")
    if "rpc.response.status_code" in attributes:
        report.require(isinstance(attributes["rpc.response.status_code"], str), path, "a code that is not a text")
    if "server.port" in attributes:
        port = attributes["server.port"]
        report.require(isinstance(port, int) and 0 < port < 65536, path, f"{port!r} is not a port")
    if method == "tools/call":
        operation = attributes.get("gen_ai.operation.name")
        report.require(operation == "execute_tool", path, f"gen_ai.operation.name is {operation!r}")


# Log records.


def check_log_record(record, path: str, report: Report):
    check_attributes(record.attributes, path, report)
    check_time(record.observed_time_unix_nano, f"{path}.observedTimeUnixNano", report)
    if record.time_unix_nano:
        check_time(record.time_unix_nano, f"{path}.timeUnixNano", report)
    report.require(1 <= record.severity_number <= 24, path, "a record without a severity")
    report.require(record.severity_text, path, "a record without the text of its severity")
    report.require(record.body.WhichOneof("value") is not None, path, "a record without a body")
    report.require(bool(record.trace_id) == bool(record.span_id), path, "one identifier without the other")
    report.require(record.trace_id or not record.flags, path, "flags of no trace")
    report.require(not record.flags & ~0xFF, path, f"{record.flags:#x} has bits that mean nothing in log records")
    named = not record.event_name or EVENT_NAME.fullmatch(record.event_name)
    report.require(named, path, f"{record.event_name!r} is not the name of an event")
