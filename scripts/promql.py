# SPDX-License-Identifier: Apache-2.0
"""What the lints of alerts and dashboards read in PromQL, without a parser: promtool looks after the syntax."""

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


def catalogue() -> set[str]:
    """The series of docs/telemetry.md, by their names in Prometheus."""
    text = (ROOT / "docs" / "telemetry.md").read_text()
    row = r"^\| `([^`]+)` \| (?:`([^`]+)`|the same) \| (counter|up-down counter|gauge|histogram),"
    names = set()
    for name, translated, kind in re.findall(row, text, re.MULTILINE):
        series = translated or name
        names |= {f"{series}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {series}
    return names
