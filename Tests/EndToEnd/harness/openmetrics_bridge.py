# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the collector's Prometheus exporter, not the Go collector: takes OTLP, serves OpenMetrics to scrape.

Names are those of the default translation, `job` and `instance` come from the resource, and every series keeps its last
value for a while after its agent is gone (as `metric_expiration` of the real exporter says). Of spans only the ids are
noted.
"""

import math
import re
import threading
import time

from .loopback import Handler, Loopback
from .prometheus import COUNTER, GAUGE, HISTOGRAM, STRATEGIES, prometheus_name
from .sink import attributes_of, decoded

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
CUMULATIVE = 2


class Bridge:
    """Receives at `url`; Prometheus scrapes `url`/metrics. A series that is not sent again is kept for some seconds."""

    def __init__(self, expiration: float = math.inf):
        self.expiration = expiration
        self.lock = threading.Lock()
        self.kinds: dict[str, tuple[str, str]] = {}
        #: When it was received, and its samples, by family and labels.
        self.series: dict[str, dict[str, tuple[float, list[str]]]] = {}
        self.refused: list[str] = []
        self.trace_ids: set[str] = set()
        bridge = self

        class Answers(Handler):
            def do_POST(self):
                body = self.read_body()
                try:
                    status = bridge.receive(self.path, self.headers, body)
                except Exception as error:  # whatever is wrong with a payload: the sender and the test must hear of it
                    bridge.refused.append(f"{self.path}: {error!r}: {body[:200]!r}")
                    status = 400
                self.answer(status, self.headers.get("content-type", "application/json"), b"")

            def do_GET(self):
                self.answer(200, OPENMETRICS, bridge.exposition().encode())

        self.server = Loopback(Answers)
        self.url, self.stop = self.server.url, self.server.stop

    def receive(self, path: str, headers, body: bytes) -> int:
        message = decoded(path, headers, body)
        if path == "/v1/traces":
            spans = (s for r in message.resource_spans for scope in r.scope_spans for s in scope.spans)
            self.trace_ids |= {span.trace_id.hex() for span in spans}
        if path == "/v1/metrics":
            with self.lock:
                for resource in message.resource_metrics:
                    self.take(resource)
        return 200

    def take(self, resource_metrics):
        resource = attributes_of(resource_metrics.resource)
        name, namespace = resource.pop("service.name", ""), resource.pop("service.namespace", "")
        own = {"job": f"{namespace}/{name}" if namespace else name, "instance": resource.pop("service.instance.id", "")}
        self.keep("target_info", "info", "What is known of the target.", own, [("target_info", own | resource, 1, "")])
        for scope in resource_metrics.scope_metrics:
            for metric in scope.metrics:
                data = metric.WhichOneof("data")
                points = getattr(metric, data)
                kind = {"gauge": GAUGE, "histogram": HISTOGRAM}.get(data, COUNTER)
                if kind != GAUGE and points.aggregation_temporality != CUMULATIVE:
                    raise ValueError(f"{metric.name} is not cumulative")
                if kind == COUNTER and not points.is_monotonic:
                    kind = GAUGE
                name = prometheus_name(metric.name, metric.unit, kind, STRATEGIES[0])
                for point in points.data_points:
                    labels = own | attributes_of(point)
                    samples = buckets(name, labels, point) if kind == HISTOGRAM else [(name, labels, number(point), "")]
                    self.keep(name.removesuffix("_total"), kind, metric.description, labels, samples)

    def keep(self, family: str, kind: str, description: str, labels: dict, samples: list[tuple]):
        if self.kinds.setdefault(family, (kind, description))[0] != kind:
            raise ValueError(f"{family} is a {kind} and a {self.kinds[family][0]}")
        lines = [f"{name}{labels_text(of)} {shortest(value)}{more}" for name, of, value, more in samples]
        self.series.setdefault(family, {})[labels_text(labels)] = (time.monotonic(), lines)

    def exposition(self) -> str:
        lines, oldest = [], time.monotonic() - self.expiration
        with self.lock:
            for family, (kind, description) in self.kinds.items():
                samples = [sample for at, kept in self.series[family].values() if at >= oldest for sample in kept]
                if not samples:
                    continue
                # An info's sample has a suffix that is no part of the family's name, as a counter's has.
                lines += [f"# TYPE {family.removesuffix('_info') if kind == 'info' else family} {kind}"]
                lines += [f"# HELP {family.removesuffix('_info') if kind == 'info' else family} {escaped(description)}"]
                lines += samples
        return "\n".join([*lines, "# EOF\n"])


def buckets(name: str, labels: dict, point) -> list[tuple]:
    """The samples of a histogram: cumulative buckets, each with its last exemplar, then count and sum."""
    exemplars = {}
    bounds = [*point.explicit_bounds, math.inf]
    for exemplar in point.exemplars:
        value = number(exemplar) if exemplar.WhichOneof("value") else 0.0
        ids = {"trace_id": exemplar.trace_id.hex(), "span_id": exemplar.span_id.hex()}
        bound = next(bound for bound in bounds if value <= bound)
        exemplars[bound] = f" # {labels_text(ids)} {shortest(value)} {exemplar.time_unix_nano / 1e9:.3f}"
    samples, below = [], 0
    for bound, count in zip(bounds, point.bucket_counts, strict=True):
        below += count
        samples.append((f"{name}_bucket", labels | {"le": shortest(bound)}, below, exemplars.get(bound, "")))
    return [*samples, (f"{name}_count", labels, point.count, ""), (f"{name}_sum", labels, point.sum, "")]


def number(point) -> float:
    return getattr(point, point.WhichOneof("value"))


def shortest(value: float) -> str:
    return "+Inf" if value == math.inf else repr(value).removesuffix(".0")


def escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def labels_text(labels: dict) -> str:
    pairs = (f'{re.sub(r"[^a-zA-Z0-9_]", "_", name)}="{escaped(str(value))}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"
