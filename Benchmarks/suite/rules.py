# SPDX-License-Identifier: Apache-2.0
"""What the rules alone take, in virtual time: no sockets, no telemetry."""

from .processes import play, say
from .spread import spread, table

TITLE = "What the rules cost"
ABOUT = """\
The engine alone, in virtual time, at 300 s ± 10 %; two clock readings for each tick included."""


def measure(rounds: int) -> dict:
    say("rules: a million sessions in virtual time")
    found = [play("engine", sessions=1_000_000, interval=300) for _ in range(rounds)]
    return {
        "sessions": found[0]["sessions"],
        "keepalives": found[0]["keepalives"],
        "nanoseconds": spread([one["nanoseconds"] / one["keepalives"] for one in found])["median"],
        "tickNanoseconds": spread([one["tickNanoseconds"] / one["keepalives"] for one in found])["median"],
        "longestTickNanoseconds": max(one["longestTickNanoseconds"] for one in found),
    }


def report(result: dict) -> str:
    rows = [
        ["all rules, for a keepalive", f"{result['nanoseconds']:.0f} ns"],
        ["of that its timer and its place in the queue (the scheduler)", f"{result['tickNanoseconds']:.0f} ns"],
        ["longest tick", f"{result['longestTickNanoseconds'] / 1e6:.2f} ms"],
    ]
    return table([f"{result['sessions']:,} sessions, {result['keepalives']:,} keepalives", ""], rows)
