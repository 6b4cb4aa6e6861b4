# SPDX-License-Identifier: Apache-2.0
"""How Prometheus names the metrics that it receives over OTLP, by translation strategy.

The rules are those of Prometheus 3 (`otlp.translation_strategy`); written from their documentation for names and units
that occur here.
"""

import re

UNITS = {
    "d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds",
    "ns": "nanoseconds", "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes",
    "KBy": "kilobytes", "MBy": "megabytes", "GBy": "gigabytes", "Hz": "hertz", "Cel": "celsius", "%": "percent",
    "1": "",
}  # fmt: skip
PER = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
STRATEGIES = (
    "UnderscoreEscapingWithSuffixes",
    "UnderscoreEscapingWithoutSuffixes",
    "NoUTF8EscapingWithSuffixes",
    "NoTranslation",
)
GAUGE, COUNTER, HISTOGRAM = "gauge", "counter", "histogram"


def unit_suffixes(unit: str) -> tuple[str, str]:
    """The suffixes of the unit and of what it is per; annotations in braces have none."""
    main, _, per = (part.strip() for part in unit.partition("/"))
    main = "" if "{" in main else UNITS.get(main, main)
    per = "" if "{" in per or not per else "per_" + PER.get(per, per)
    return main, per


def prometheus_name(name: str, unit: str, kind: str, strategy: str) -> str:
    """The name of the metric family."""
    if strategy == "NoTranslation":
        return name
    if strategy == "UnderscoreEscapingWithoutSuffixes":
        return _not_a_digit_first("_".join(part for part in re.split(r"[^a-zA-Z0-9:_]", name) if part))
    if strategy == "NoUTF8EscapingWithSuffixes":
        return _with_suffixes(name, unit, kind)
    return _escaped_with_suffixes(name, unit, kind)


def sample_names(name: str, kind: str) -> set[str]:
    """The names of the samples of a family."""
    return {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == HISTOGRAM else {name}


def _escaped_with_suffixes(name: str, unit: str, kind: str) -> str:
    tokens = [token for token in re.split(r"[^a-zA-Z0-9:]", name) if token]
    for suffix in unit_suffixes(unit):
        suffix = re.sub(r"[^a-zA-Z0-9:]+", "_", suffix).strip("_")
        if suffix and suffix not in tokens:
            tokens.append(suffix)
    if kind == COUNTER:
        tokens = [token for token in tokens if token != "total"] + ["total"]
    if kind == GAUGE and unit == "1":
        tokens = [token for token in tokens if token != "ratio"] + ["ratio"]
    return _not_a_digit_first("_".join(tokens))


def _with_suffixes(name: str, unit: str, kind: str) -> str:
    main, per = unit_suffixes(unit)
    last = {COUNTER: "total", GAUGE: "ratio" if unit == "1" else ""}.get(kind, "")
    outer = [suffix for suffix in (last, per) if suffix]
    for suffix in outer:
        # The suffix with whatever character delimits it.
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            name = name[: -len(suffix) - 1]
    if main and not name.endswith(main):
        name += f"_{main}"
    return "_".join([name, *reversed(outer)])


def _not_a_digit_first(name: str) -> str:
    return f"_{name}" if name[:1].isdigit() else name
