# SPDX-License-Identifier: Apache-2.0
"""A million sessions at their interval, with telemetry; the peer notes when each of them was called."""

from .processes import Peer, play, say
from .spread import table

TITLE = "A million sessions"
ABOUT = """\
The agent's reactor and exporter in one process, against the peer in another, which notes when each session was
called. Missed is a session that was not called within its interval and a second."""


def measure(sessions: int, interval: float, window: float) -> dict:
    # Until every session had its first keepalive, and a little longer.
    warm_up = interval + 10
    say(f"soak: {sessions:,} sessions every {interval:g} s, for {(warm_up + window) / 60:.0f} min")
    with Peer(sessions=sessions) as peer:
        found = play(
            "soak",
            url=peer.url,
            sessions=sessions,
            interval=interval,
            warm_up=warm_up,
            window=window,
            in_flight=64,
            spans="exported",
        )
        found["census"] = peer.finish()
    return found


def missed(found: dict) -> int:
    """Sessions that were never called, and whether any was not called within its interval and a second."""
    census = found["census"]
    late = max(census["longestGapMilliseconds"], census["longestSilenceMilliseconds"])
    return found["sessions"] - census["sessions"] + (late > 1000 * (found["intervalSeconds"] + 1))


def core_share(found: dict) -> float:
    measurement = found["measurement"]
    return measurement["processorMicroseconds"] / measurement["wallMicroseconds"]


def report(found: dict) -> str:
    measurement, census = found["measurement"], found["census"]
    seconds = measurement["wallMicroseconds"] / 1e6
    rows = [
        ["window, after a whole interval to warm up", f"{seconds:.0f} s"],
        ["keepalives in it", f"{measurement['calls']:,} ({measurement['calls'] / seconds:,.0f} in a second)"],
        ["failed", f"{measurement['failures']:,}"],
        ["of one core, all threads", f"{100 * core_share(found):.1f} %"],
        ["spans exported, dropped", f"{measurement['exportedSpans']:,}, {measurement['droppedSpans']:,}"],
        ["start later than due: half of them at most", f"{1000 * found['latenessP50']:.1f} ms"],
        ["99 % of them at most", f"{1000 * found['latenessP99']:.1f} ms"],
        ["all of them at most, from the first on", f"{1000 * found['latenessMaximum']:.1f} ms"],
        ["sessions that the peer saw", f"{census['sessions']:,}"],
        ["longest time between two calls of one session", f"{census['longestGapMilliseconds'] / 1000:.1f} s"],
        ["sessions missed", f"{missed(found)}"],
        ["resident memory", f"{found['residentBytes'] / 1e6:.0f} MB"],
    ]
    return table([f"{found['sessions']:,} sessions, {found['intervalSeconds']:g} s", ""], rows)
