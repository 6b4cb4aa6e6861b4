# SPDX-License-Identifier: Apache-2.0
"""Layer 3 over time: what the payloads of one instance say of each other."""

from dataclasses import dataclass, field

from .meaning import check_attributes
from .metrics import CUMULATIVE, DELTA
from .mistakes import Report


@dataclass
class History:
    """What one instance has sent."""

    series: dict = field(default_factory=dict)
    definitions: dict = field(default_factory=dict)
    spans: set = field(default_factory=set)

    def check_spans(self, spans, path: str, report: Report, repeated: bool, is_accepted: bool):
        """A span is accepted once, unless the whole request is an attempt that is repeated."""
        sent = set()
        for span in spans:
            key = (span.trace_id, span.span_id)
            known = key in sent or (not repeated and key in self.spans)
            report.require(not known, path, f"the span {span.span_id.hex()} was sent before")
            sent.add(key)
        if is_accepted:
            self.spans |= sent

    def check_metric(self, metric, path: str, report: Report):
        path = f"{path}({metric.name})"
        kind = metric.WhichOneof("data")
        data = getattr(metric, kind)
        temporality = 0 if kind == "gauge" else data.aggregation_temporality
        monotonic = kind != "gauge" and (kind != "sum" or data.is_monotonic)
        definition = (kind, metric.unit, metric.description, temporality, monotonic)
        before = self.definitions.setdefault(metric.name, definition)
        report.require(before == definition, path, f"the metric was {before} before and is {definition}")
        for point in data.data_points:
            key = (metric.name, frozenset(check_attributes(point.attributes, path, Report()).items()))
            last = self.series.get(key)
            self.series[key] = point
            if last is None:
                continue
            where = f"{path}{dict(key[1])}"
            later = last.time_unix_nano < point.time_unix_nano
            report.require(later, where, "the point is not later than the one before")
            if temporality == DELTA:
                meets = last.time_unix_nano <= point.start_time_unix_nano
                report.require(meets, where, "the interval overlaps the one before")
            elif temporality == CUMULATIVE:
                self._check_cumulative(last, point, kind, monotonic, where, report)

    def _check_cumulative(self, last, point, kind: str, monotonic: bool, path: str, report: Report):
        if last.start_time_unix_nano != point.start_time_unix_nano:
            # A new process under the same name starts after the old one ended.
            restarted = last.time_unix_nano <= point.start_time_unix_nano
            report.require(restarted, path, "the start time of a series moved")
            return
        if not monotonic:
            return
        for name, before, now in _counts(last, point, kind):
            report.require(before <= now, path, f"{name} fell from {before} to {now}")


def _counts(last, point, kind: str):
    if kind == "sum":
        value = point.WhichOneof("value")
        yield "the counter", getattr(last, value), getattr(point, value)
        return
    yield "count", last.count, point.count
    if kind == "histogram" and len(last.bucket_counts) == len(point.bucket_counts):
        for index, (before, now) in enumerate(zip(last.bucket_counts, point.bucket_counts, strict=True)):
            yield f"bucket {index}", before, now
