# SPDX-License-Identifier: Apache-2.0
"""What sessions take on which nothing happens, and how long it takes to take them over from a sessions file."""

import tempfile
from pathlib import Path

from .processes import play, say
from .spread import table

TITLE = "Memory, and starting"
ABOUT = """\
Attached sessions with ids of 36 bytes on one backend. From a file: the time until the last one is taken over."""

COUNTS = [10_000, 100_000, 1_000_000]


def measure() -> dict:
    result: dict[str, list] = {"idle": [], "start-up": []}
    for count in COUNTS:
        say(f"memory: {count:,} idle sessions")
        result["idle"].append(play("idle", sessions=count))
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS[1:]:
            say(f"memory: {count:,} sessions from a file")
            result["start-up"].append(play("start-up", sessions=count, file=Path(folder) / "sessions.json"))
    return result


def report(result: dict) -> str:
    idle = [
        [f"{one['sessions']:,}", f"{one['bytes'] / one['sessions']:.0f}", f"{one['bytes'] / 1e6:.1f}"]
        for one in result["idle"]
    ]
    started = [
        [
            f"{one['sessions']:,}",
            f"{one['fileBytes'] / 1e6:.0f}",
            f"{one['seconds']:.1f}",
            f"{one['processorMicroseconds'] / one['sessions']:.1f}",
            f"{one['residentBytes'] / 1e6:.0f}",
            f"{one['peakBytes'] / 1e6:.0f}",
        ]
        for one in result["start-up"]
    ]
    head = ["sessions from a file", "MB of file", "s", "µs each", "MB resident then", "MB at most"]
    return "\n\n".join([table(["idle sessions", "bytes each", "MB in all"], idle), table(head, started)])
