# SPDX-License-Identifier: Apache-2.0
"""How the cost of a keepalive grows with sessions and with backends."""

import math

from .processes import Peer, play, say
from .spread import spread, table

TITLE = "How the cost grows"
ABOUT = """\
Sessions on one backend, 16 in flight; backends with 10,000 sessions in all, and 64 in flight over all of them but
at least one each, on as many loopback addresses. A thousand sessions are due a thousand times in a second, for no
session is called more often: the agent is not busy then, and its thread wakes up for each of them.

![The cost of a keepalive by the number of sessions and of backends](images/performance-growth.svg)"""

SESSIONS = [1_000, 10_000, 100_000, 1_000_000]
BACKENDS = [1, 10, 100, 1_000]
#: Over all backends: a backend's connections are its requests in flight.
IN_FLIGHT = 64


def measure(rounds: int, window: float) -> dict:
    result: dict[str, dict] = {"sessions": {}, "backends": {}}
    with Peer() as peer:
        for count in SESSIONS:
            say(f"growth: {count:,} sessions")
            # A thousand sessions can be called a thousand times in a second, for none is called more often.
            result["sessions"][count] = _cost(rounds, window, url=peer.url, sessions=count)
    for count in BACKENDS:
        say(f"growth: {count:,} backends")
        with Peer(backends=count) as peer:
            options = {"backends": count, "sessions": 10_000, "in_flight": max(1, IN_FLIGHT // count)}
            result["backends"][count] = _cost(rounds, window, url=peer.url, **options)
    return result


def _cost(rounds: int, window: float, **options) -> float:
    # The first keepalives of a million sessions come when all of them are there.
    options |= {"warm_up": 1.5 + options["sessions"] / 200_000, "window": window, "spans": "none"}
    found = [play("agent", **options) for _ in range(rounds)]
    return spread([one["processorMicroseconds"] / one["calls"] for one in found])["median"]


def report(result: dict) -> str:
    parts = []
    for kind, costs in result.items():
        first = next(iter(costs.values()))
        rows = [[f"{int(count):,}", f"{cost:.1f}", f"{cost / first:.2f}"] for count, cost in costs.items()]
        parts.append(table([kind, "µs of a keepalive", "of the first row"], rows))
    return "\n\n".join(parts)


def plot(result: dict) -> str:
    """Both series as SVG: counts by powers of ten, microseconds from zero."""
    width, height, left, top, right, bottom = 720, 360, 60, 24, 44, 52
    # Five steps of whole numbers, with room for the names above the lines.
    most = 5 * math.ceil(max(cost for costs in result.values() for cost in costs.values()) * 1.15 / 5)
    x0, x1 = 0, math.log10(max(int(count) for costs in result.values() for count in costs))

    def x(count) -> float:
        return left + (math.log10(int(count)) - x0) / (x1 - x0) * (width - left - right)

    def y(cost) -> float:
        return top + (1 - cost / most) * (height - top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for step in range(6):
        cost = most * step / 5
        parts.append(f'<line x1="{left}" x2="{width - right}" y1="{y(cost):.1f}" y2="{y(cost):.1f}" stroke="#e0e0e0"/>')
        parts.append(f'<text x="{left - 8}" y="{y(cost) + 4:.1f}" text-anchor="end" fill="#444">{cost:.0f}</text>')
    for power in range(int(x1) + 1):
        label = f"{10**power:,}"
        parts.append(f'<text x="{x(10**power):.1f}" y="{height - 32}" text-anchor="middle" fill="#444">{label}</text>')
    parts.append(f'<text x="{left}" y="15" fill="#444">µs of processor time for a keepalive</text>')
    middle = (left + width - right) / 2
    parts.append(f'<text x="{middle}" y="{height - 10}" text-anchor="middle" fill="#444">how many there are</text>')
    for (kind, costs), color in zip(result.items(), ["#1f60c4", "#c4162a"], strict=True):
        points = " ".join(f"{x(count):.1f},{y(cost):.1f}" for count, cost in costs.items())
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        for count, cost in costs.items():
            parts.append(f'<circle cx="{x(count):.1f}" cy="{y(cost):.1f}" r="4" fill="{color}"/>')
        count, cost = list(costs.items())[-1]
        parts.append(f'<text x="{x(count):.1f}" y="{y(cost) - 12:.1f}" text-anchor="end" fill="{color}">{kind}</text>')
    return "\n".join([*parts, "</svg>", ""])
