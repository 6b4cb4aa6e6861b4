# SPDX-License-Identifier: Apache-2.0
"""Measures what was asked for, prints it as Markdown, and keeps it for the report: see scripts/bench."""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys

from . import cold, cost, growth, guards, memory, registration, rules, soak, telemetry, verdicts
from .processes import BUILD, ROOT, Failure, say

RESULTS = BUILD.parent / "bench-results"
PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "images" / "performance-growth.svg"
SECTIONS = {
    "cost": cost,
    "rules": rules,
    "memory": memory,
    "registration": registration,
    "growth": growth,
    "cold": cold,
    "soak": soak,
    "telemetry": telemetry,
    "guards": guards,
}


def measure(name: str, options: argparse.Namespace):
    match name:
        case "cost":
            return cost.measure(options.rounds, options.window)
        case "rules":
            return rules.measure(options.rounds)
        case "growth":
            return growth.measure(max(1, options.rounds // 2), options.window)
        case "cold":
            return cold.measure(options.rounds)
        case "soak":
            return soak.measure(options.sessions, options.interval, options.soak)
        case "telemetry":
            return telemetry.measure(max(3, options.rounds))
        case "memory":
            return memory.measure()
        case "registration":
            return registration.measure()
        case _:
            return guards.measure()


def keep(name: str, found):
    RESULTS.mkdir(exist_ok=True)
    today = datetime.date.today().isoformat()
    (RESULTS / f"{name}.json").write_text(json.dumps({"date": today, "found": found}))


def page(kept: dict) -> str:
    """docs/performance.md: everything that was kept."""
    memory_size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.split("(")[0]
    versions = f"{swift.strip()}, {platform.freedesktop_os_release()['PRETTY_NAME']}"
    parts = [
        "# Performance",
        "Written by `scripts/bench --write`; nothing here was typed by hand. Microseconds depend on the machine and\n"
        "on what else runs on it: only ratios and counts can be compared. [How to run it](../Benchmarks/README.md).",
        f"The machine: a virtual one, {platform.machine()}, {os.cpu_count()} cores, {memory_size:.0f} GiB; {versions}.",
        "## Goals",
        verdicts.report(verdicts.rows({name: one["found"] for name, one in kept.items()})),
    ]
    for name, module in SECTIONS.items():
        if name in kept:
            parts += [f"## {module.TITLE}", module.ABOUT, module.report(kept[name]["found"])]
            parts.append(f"*Measured on {kept[name]['date']}.*")
    parts += [
        "## Not measured",
        "Other machines, real networks, many hosts, HTTP/2.",
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"all, or some of {', '.join(SECTIONS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--window", type=float, default=3, help="seconds of one measurement (3)")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="of the soak (1000000)")
    parser.add_argument("--interval", type=float, default=300, help="seconds between two keepalives in the soak (300)")
    parser.add_argument("--soak", type=float, default=600, help="seconds of the soak, after a whole interval (600)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md from what was measured last")
    parser.add_argument("--check", action="store_true", help="fail when a count is over its limit")
    options = parser.parse_args()
    unknown = [name for name in options.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"there is no section '{unknown[0]}': {', '.join(SECTIONS)}")
    names = options.sections or list(SECTIONS)
    found = {}
    for name in names:
        found[name] = measure(name, options)
        keep(name, found[name])
        print(f"## {SECTIONS[name].TITLE}\n\n{SECTIONS[name].report(found[name])}\n", flush=True)
    # Some goals compare two sections, of which one may have been measured before.
    kept = {name: json.loads(path.read_text()) for name in SECTIONS if (path := RESULTS / f"{name}.json").exists()}
    goals = verdicts.rows({name: one["found"] for name, one in kept.items()})
    print(verdicts.report(goals))
    if options.write:
        PAGE.write_text(page(kept))
        if "growth" in kept:
            PLOT.write_text(growth.plot(kept["growth"]["found"]))
        say(f"wrote {PAGE.relative_to(ROOT)}")
    problems = guards.check(found["guards"]) if options.check else []
    for problem in problems:
        print(f"error: {problem}\n  help: Benchmarks/thresholds.toml says how to move a limit", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
