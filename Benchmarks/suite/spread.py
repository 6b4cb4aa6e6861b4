# SPDX-License-Identifier: Apache-2.0
"""How the figures of several rounds are distributed, and how numbers are written."""

import statistics


def spread(values: list[float]) -> dict:
    return {"minimum": min(values), "median": statistics.median(values), "maximum": max(values)}


def table(head: list[str], rows: list[list], alignment: str = "") -> str:
    """A Markdown table; the first column is text, the others are numbers unless told otherwise (l or r for each)."""
    alignment = alignment or "l" + "r" * (len(head) - 1)
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "|".join("---" if one == "l" else "---:" for one in alignment) + "|")
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])
