# SPDX-License-Identifier: Apache-2.0
"""What scripts read in PromQL, and how they scale its times, without a parser: promtool looks after the syntax."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"and", "or", "unless", "offset", "bool", "inf", "nan"}
WORDS = re.compile(r"(?<![\w:.$])([a-zA-Z_][\w:]*)(?![\w:]*\s*\()")


def strip(expression: str) -> str:
    """Without what can look like a metric: selectors, ranges, grouping and texts."""
    expression = re.sub(r"#.*", "", expression)
    expression = re.sub(r'"(?:[^"\\]|\\.)*"', '""', expression)
    expression = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", expression)
    expression = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", expression)
    return re.sub(r"\boffset\s+\w+", "", expression)


def metrics(expression: str) -> set[str]:
    """The series that are asked for."""
    return {name for name in WORDS.findall(strip(expression)) if name.lower() not in KEYWORDS}


def arguments(expression: str, function: str) -> list[str]:
    """The texts between the parentheses of every call of a function."""
    found = []
    for match in re.finditer(rf"\b(?:{function})\s*(?:by\s*\([^)]*\)\s*)?\(", expression):
        depth, position = 1, match.end()
        while depth and position < len(expression):
            depth += {"(": 1, ")": -1}.get(expression[position], 0)
            position += 1
        found.append(expression[match.end() : position - 1])
    return found


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RANGE = re.compile(r"(?<=\[)\d+[smhd](?=\])|(?<=\boffset )\d+[smhd]\b")
# Of numbers that are compared with times, those from 60 on are ages in seconds; smaller ones are factors.
AGE = re.compile(r"(?<![\w.\[])(?:[6-9]\d|\d{3,})(?![\w.\]])")


def shortened(duration: str, scale: float, longest: str | None = None) -> str:
    """A duration divided by the scale; `longest` is what longer ones are cut to before."""
    seconds = min(int(one[:-1]) * SECONDS[one[-1]] for one in (duration, longest) if one)
    return f"{round(seconds / scale * 1000)}ms"


def time_scaled(expression: str, scale: float, longest: str | None = None) -> str:
    """The same for a time that runs `scale` times as fast: ranges, offsets, and ages that times are compared with."""
    expression = RANGE.sub(lambda match: shortened(match[0], scale, longest), expression)
    if "time()" in expression:
        expression = AGE.sub(lambda match: f"{int(match[0]) / scale:g}", expression)
    return expression


def filled(expression: str, rate_interval: str, whole: str, backend: str = ".+") -> str:
    """A query of a dashboard as Grafana sends it, with All chosen everywhere; `whole` is its time range."""
    for name, value in (
        ("__rate_interval", rate_interval),
        ("__range", whole),
        ("job", ".+"),
        ("instance", ".+"),
        ("backend", backend),
    ):
        expression = expression.replace(f"${name}", value)
    return expression


def catalogue() -> set[str]:
    """The series of docs/telemetry.md, by their names in Prometheus."""
    text = (ROOT / "docs" / "telemetry.md").read_text()
    row = r"^\| `([^`]+)` \| (?:`([^`]+)`|the same) \| (counter|up-down counter|gauge|histogram),"
    names = set()
    for name, translated, kind in re.findall(row, text, re.MULTILINE):
        series = translated or name
        names |= {f"{series}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {series}
    return names
