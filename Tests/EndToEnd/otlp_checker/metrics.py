# SPDX-License-Identifier: Apache-2.0
"""Layer 3 for metrics: names, units, points."""

import math
import re

from .meaning import check_attributes, check_time
from .mistakes import Report

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{0,254}")
# UCUM as far as it is used: base units, annotations in braces, and rates.
UNIT = re.compile(r"(s|ms|us|ns|By|1|%|Cel|\{[a-z_]+\})(/(s|min|h|\{[a-z_]+\}))?")
DELTA, CUMULATIVE = 1, 2
# Counters that do not end in `_total`; the names are older than the rule.
NAMED_WITHOUT_TOTAL = {"keepalive_attempt_count", "keepalive_success_count", "keepalive_failure_count"}
UNIT_OF_SUFFIX = {"_seconds": "s", "_bytes": "By"}
LEAST_SCALE, GREATEST_SCALE, GREATEST_BUCKETS = -10, 20, 160


def check_metric(metric, path: str, report: Report):
    path = f"{path}({metric.name})"
    report.require(NAME.fullmatch(metric.name), path, f"{metric.name!r} is not the name of an instrument")
    report.require(metric.description, path, "a metric without a description")
    report.require(UNIT.fullmatch(metric.unit), path, f"{metric.unit!r} is not a unit of UCUM that is in use here")
    kind = metric.WhichOneof("data")
    if not report.require(kind, path, "a metric without data"):
        return
    data = getattr(metric, kind)
    check_name(metric, kind, data, path, report)
    if kind != "gauge":
        report.require(data.aggregation_temporality in (DELTA, CUMULATIVE), path, "no aggregation temporality")
    report.require(data.data_points, path, "a metric without points")
    seen = set()
    for index, point in enumerate(data.data_points):
        where = f"{path}.dataPoints[{index}]"
        key = frozenset(check_attributes(point.attributes, where, report).items())
        report.require(key not in seen, where, f"two points for {dict(key)}")
        seen.add(key)
        check_times(point, kind, where, report)
        report.require(not point.flags, where, "flags of a point without a recorded value")
        if kind == "histogram":
            check_histogram(point, where, report)
        elif kind == "exponential_histogram":
            check_exponential_histogram(point, where, report)
        else:
            check_number(point, kind == "sum", kind == "sum" and data.is_monotonic, where, report)
        check_exemplars(point, where, report)


def check_name(metric, kind: str, data, path: str, report: Report):
    """The names of our own metrics are the same in OTLP and in Prometheus."""
    if not metric.name.startswith("keepalive_"):
        return
    counts = kind == "sum" and data.is_monotonic
    if metric.name not in NAMED_WITHOUT_TOTAL:
        report.require(metric.name.endswith("_total") == counts, path, "counters and only they end in _total")
    stem = metric.name.removesuffix("_total")
    expected = next((unit for suffix, unit in UNIT_OF_SUFFIX.items() if stem.endswith(suffix)), None)
    if expected:
        report.require(metric.unit == expected, path, f"the unit is {metric.unit!r} and not {expected!r}")
    else:
        report.require(metric.unit.startswith("{"), path, f"the unit {metric.unit!r} would be appended to the name")


def check_times(point, kind: str, path: str, report: Report):
    check_time(point.time_unix_nano, f"{path}.timeUnixNano", report)
    if kind == "gauge" and not point.start_time_unix_nano:
        return
    check_time(point.start_time_unix_nano, f"{path}.startTimeUnixNano", report)
    report.require(point.start_time_unix_nano <= point.time_unix_nano, path, "the point ends before it starts")


def check_number(point, is_sum: bool, is_monotonic: bool, path: str, report: Report):
    kind = point.WhichOneof("value")
    if not report.require(kind, path, "a point without a value"):
        return
    value = getattr(point, kind)
    report.require(not is_sum or math.isfinite(value), path, f"the sum is {value}")
    report.require(not is_monotonic or value >= 0, path, f"a counter at {value}")


def check_histogram(point, path: str, report: Report):
    bounds, counts = list(point.explicit_bounds), list(point.bucket_counts)
    report.require(all(map(math.isfinite, bounds)), path, "a bound that is not finite")
    increasing = all(lower < upper for lower, upper in zip(bounds, bounds[1:], strict=False))
    report.require(increasing, path, "the bounds do not increase strictly")
    if not report.require(len(counts) == len(bounds) + 1, path, f"{len(counts)} buckets for {len(bounds)} bounds"):
        return
    report.require(sum(counts) == point.count, path, f"the buckets hold {sum(counts)} and count says {point.count}")
    check_range(point, path, report)
    if not (increasing and sum(counts) and point.HasField("min") and point.HasField("max")):
        return
    filled = [index for index, count in enumerate(counts) if count]
    edges = [-math.inf, *bounds, math.inf]
    for name, value, index in (("min", point.min, filled[0]), ("max", point.max, filled[-1])):
        inside = edges[index] < value <= edges[index + 1]
        report.require(inside, path, f"{name} {value} is outside of its bucket ({edges[index]}, {edges[index + 1]}]")


def check_exponential_histogram(point, path: str, report: Report):
    held = point.zero_count + sum(point.positive.bucket_counts) + sum(point.negative.bucket_counts)
    report.require(held == point.count, path, f"the buckets hold {held} and count says {point.count}")
    report.require(LEAST_SCALE <= point.scale <= GREATEST_SCALE, path, f"the scale is {point.scale}")
    for buckets in (point.positive, point.negative):
        report.require(len(buckets.bucket_counts) <= GREATEST_BUCKETS, path, "more than 160 buckets")
    check_range(point, path, report)


def check_range(point, path: str, report: Report):
    """min, max and sum against each other."""
    if not point.count:
        extremes = point.HasField("min") or point.HasField("max")
        report.require(not extremes, path, "min or max of nothing")
        report.require(not point.sum, path, f"the sum of nothing is {point.sum}")
        return
    report.require(point.HasField("sum"), path, "a histogram without a sum")
    if not (point.HasField("min") and point.HasField("max")):
        return
    report.require(point.min <= point.max, path, f"min {point.min} is above max {point.max}")
    tolerance = 1e-6 * max(1.0, abs(point.sum))
    within = point.min * point.count - tolerance <= point.sum <= point.max * point.count + tolerance
    report.require(within, path, f"the sum {point.sum} of {point.count} values in {point.min}...{point.max}")


def check_exemplars(point, path: str, report: Report):
    for index, exemplar in enumerate(point.exemplars):
        where = f"{path}.exemplars[{index}]"
        report.require(exemplar.WhichOneof("value"), where, "an exemplar without a value")
        report.require(bool(exemplar.trace_id) == bool(exemplar.span_id), where, "one identifier without the other")
        inside = point.start_time_unix_nano <= exemplar.time_unix_nano <= point.time_unix_nano
        report.require(inside, where, "the exemplar is not of the point's interval")


def check_calls(metrics: dict[str, dict], path: str, report: Report):
    """A call is a success or a failure in every snapshot, and has a latency."""
    names = ("keepalive_attempt_count", "keepalive_success_count", "keepalive_failure_count")
    if not all(name in metrics for name in names):
        return
    attempts, successes, failures = (_totals(metrics[name]) for name in names)
    for key, count in attempts.items():
        if not key:  # what is beyond the cardinality limit is not told apart
            continue
        ended = successes.get(key, 0) + failures.get(key, 0)
        report.require(count == ended, path, f"{dict(key)}: {count} attempts, {ended} successes and failures")


def _totals(points: dict) -> dict:
    result: dict = {}
    for attributes, point in points.items():
        key = frozenset(pair for pair in attributes if pair[0] in ("backend", "method"))
        result[key] = result.get(key, 0) + point.as_int
    return result
