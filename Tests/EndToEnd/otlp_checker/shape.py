# SPDX-License-Identifier: Apache-2.0
"""Layer 1: raw JSON, walked by the protobuf descriptors. Here, and only here, the written form counts."""

import json
import math
import re

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from .mistakes import Report

# Sizes in bytes of identifiers, which are lowercase hexadecimal and not base64.
IDENTIFIERS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
# Up to here every receiver that reads numbers as doubles sees the exact value.
LARGEST_EXACT_NUMBER = 1 << 53
# 64-bit integers have one written form each: the one that all known receivers read.
NUMBERS_WHILE_EXACT = {"asInt", "count", "bucketCounts", "zeroCount"}
NUMBERS_ALWAYS = {"opentelemetry.proto.metrics.v1.Exemplar.time_unix_nano"}
# Members that count although they may be zero or empty: left out, receivers drop the metric.
COUNTING = {"count", "zeroCount", "bucketCounts", "explicitBounds", "filteredAttributes", "scale", "offset"}
REQUIRED = {
    "NumberDataPoint": ("timeUnixNano",),
    "HistogramDataPoint": ("timeUnixNano", "count", "bucketCounts"),
    "ExponentialHistogramDataPoint": ("timeUnixNano", "count", "scale", "zeroCount"),
    "Exemplar": ("timeUnixNano", "filteredAttributes"),
    "LogRecord": ("observedTimeUnixNano",),
}
NON_FINITE = {"NaN", "Infinity", "-Infinity"}
GAUGE_PATH = re.compile(r"\.gauge\.dataPoints\[\d+\]\.asDouble$")
DECIMAL = re.compile(r"0|-?[1-9][0-9]*")
RANGES = {
    FieldDescriptor.TYPE_INT32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.TYPE_SINT32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.TYPE_SFIXED32: (-(1 << 31), (1 << 31) - 1),
    FieldDescriptor.TYPE_UINT32: (0, (1 << 32) - 1),
    FieldDescriptor.TYPE_FIXED32: (0, (1 << 32) - 1),
    FieldDescriptor.TYPE_INT64: (-(1 << 63), (1 << 63) - 1),
    FieldDescriptor.TYPE_SINT64: (-(1 << 63), (1 << 63) - 1),
    FieldDescriptor.TYPE_SFIXED64: (-(1 << 63), (1 << 63) - 1),
    FieldDescriptor.TYPE_UINT64: (0, (1 << 64) - 1),
    FieldDescriptor.TYPE_FIXED64: (0, (1 << 64) - 1),
}
LONG = {kind for kind, (_, highest) in RANGES.items() if highest > 1 << 40}
REAL = (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT)


class Repeated(dict):
    """An object with a key that occurs twice."""

    def __init__(self, pairs, key: str):
        super().__init__(pairs)
        self.key = key


def parse(body: bytes, report: Report):
    """The JSON value, or None after noting why it is not JSON."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return report.add("$", f"not UTF-8: {error}")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_not_json)
    except ValueError as error:
        return report.add("$", f"not JSON: {error}")


def _object(pairs: list):
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    keys = [key for key, _ in pairs]
    return Repeated(pairs, next(key for key in keys if keys.count(key) > 1))


def _not_json(constant: str):
    raise ValueError(f"the bare word {constant}")


def check_message(value, descriptor: Descriptor, path: str, report: Report):
    if not report.require(isinstance(value, dict), path, f"expected an object, found {_shown(value)}"):
        return
    if isinstance(value, Repeated):
        report.add(path, f"the key '{value.key}' is repeated")
    report.require(value, path, f"an empty {descriptor.name}")
    fields = {field.json_name: field for field in descriptor.fields}
    choices: dict[str, str] = {}
    for key, member in value.items():
        where = f"{path}.{key}"
        field = fields.get(key)
        if field is None:
            known = next((name for name, item in fields.items() if item.name == key), None)
            report.add(where, f"the key is written '{known}'" if known else f"unknown key of {descriptor.name}")
            continue
        oneof = field.containing_oneof
        if oneof is not None and len(oneof.fields) > 1:
            other = choices.setdefault(oneof.name, key)
            report.require(other == key, where, f"excludes '{other}'")
        _check_member(member, field, where, report)
    for key in REQUIRED.get(descriptor.name, ()):
        report.require(key in value, path, f"'{key}' is written even if it is 0 or empty")


def _check_member(member, field: FieldDescriptor, path: str, report: Report):
    if member is None:
        report.add(path, "null")
    elif not field.is_repeated:
        _check_default(member, field, path, report)
        _check_value(member, field, path, report)
    elif report.require(isinstance(member, list), path, f"expected an array, found {_shown(member)}"):
        optional = member or field.json_name in COUNTING
        report.require(optional, path, "an empty array is left out")
        for index, element in enumerate(member):
            where = f"{path}[{index}]"
            if report.require(element is not None, where, "null"):
                _check_value(element, field, where, report)


def _check_default(member, field: FieldDescriptor, path: str, report: Report):
    """Defaults of fields without presence are left out: an oversight of one is how a value gets lost elsewhere."""
    if field.has_presence or field.json_name in COUNTING:
        return
    is_default = member is False or member == "" or (member in (0, "0") and member is not False)
    report.require(not is_default, path, f"the default {_shown(member)} is left out")


def _check_value(value, field: FieldDescriptor, path: str, report: Report):
    kind = field.type
    if kind == FieldDescriptor.TYPE_MESSAGE:
        check_message(value, field.message_type, path, report)
    elif kind == FieldDescriptor.TYPE_STRING:
        report.require(isinstance(value, str), path, f"expected a string, found {_shown(value)}")
    elif kind == FieldDescriptor.TYPE_BOOL:
        report.require(isinstance(value, bool), path, f"expected true or false, found {_shown(value)}")
    elif kind == FieldDescriptor.TYPE_BYTES:
        _check_bytes(value, field, path, report)
    elif kind == FieldDescriptor.TYPE_ENUM:
        known = _is_integer(value) and value in field.enum_type.values_by_number
        report.require(known, path, f"expected the number of a {field.enum_type.name}, found {_shown(value)}")
    elif kind in REAL:
        _check_real(value, path, report)
    else:
        _check_integer(value, field, path, report)


def _check_bytes(value, field: FieldDescriptor, path: str, report: Report):
    size = IDENTIFIERS.get(field.json_name)
    if size is None:
        base64 = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", value) and len(value) % 4 == 0
        report.require(base64, path, f"expected base64, found {_shown(value)}")
        return
    hexadecimal = isinstance(value, str) and re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", value)
    if report.require(hexadecimal, path, f"expected {2 * size} lowercase hexadecimal digits, found {_shown(value)}"):
        report.require(value.strip("0"), path, "an identifier of zeros")


def _check_real(value, path: str, report: Report):
    if isinstance(value, str) and value in NON_FINITE:
        report.require(GAUGE_PATH.search(path), path, f"{value} makes sense in gauges only")
        return
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if report.require(number, path, f"expected a number, found {_shown(value)}"):
        report.require(math.isfinite(value), path, "beyond the range of a double")


def _check_integer(value, field: FieldDescriptor, path: str, report: Report):
    text = isinstance(value, str)
    if text:
        if not report.require(DECIMAL.fullmatch(value), path, f"expected a decimal integer, found {_shown(value)}"):
            return
    elif not report.require(_is_integer(value), path, f"expected an integer, found {_shown(value)}"):
        return
    number = int(value)
    lowest, highest = RANGES[field.type]
    report.require(lowest <= number <= highest, path, f"{number} is out of range")
    if field.type not in LONG or field.full_name in NUMBERS_ALWAYS:
        report.require(not text, path, f"expected a number, found the string {_shown(value)}")
    elif field.json_name in NUMBERS_WHILE_EXACT:
        exact = abs(number) <= LARGEST_EXACT_NUMBER
        report.require(text is not exact, path, "a number up to 2^53 and a string above" + f", found {_shown(value)}")
    else:
        report.require(text, path, f"expected a decimal string, found the number {_shown(value)}")


def _is_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value) -> str:
    return json.dumps(value)[:80]
