# SPDX-License-Identifier: Apache-2.0
"""Counts that do not depend on the machine's mood, against the limits of Benchmarks/thresholds.toml.

Instructions and allocations are counted by callgrind, system calls by strace, as the difference between a long run and
a short one: what starting and stopping takes is the same in both.
"""

import os
import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from .processes import BUILD, ROOT, Failure, Peer, arguments, play, say
from .spread import table

TITLE = "Counts"
ABOUT = """\
Counted by callgrind and strace, as the difference of a long and a short run. `scripts/test` compares them with
[Benchmarks/thresholds.toml](../Benchmarks/thresholds.toml)."""

THRESHOLDS = ROOT / "Benchmarks" / "thresholds.toml"
CALLS = (3_000, 9_000)
SESSIONS = 1_000
IDLE = 200_000


def measure() -> dict[str, float]:
    found: dict[str, float] = {}
    with Peer() as peer, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Debian's valgrind stops at the debug information of Swift.
        stripped = folder / "AgentBenchmark"
        subprocess.run(["objcopy", "--strip-debug", BUILD / "AgentBenchmark", stripped], check=True)
        for spans in ("none", "dropped"):
            say(f"guards: callgrind, spans {spans}")
            counts = [_callgrind(folder, stripped, peer.url, spans, calls) for calls in CALLS]
            suffix = "" if spans == "none" else "_with_spans"
            found[f"instructions{suffix}"] = _slope([one[0] for one in counts])
            found[f"allocations{suffix}"] = _slope([one[1] for one in counts])
        say("guards: strace")
        found["system_calls"] = _slope([_strace(folder, peer.url, calls) for calls in CALLS])
    say("guards: memory of idle sessions")
    idle = play("idle", sessions=IDLE)
    found["bytes_per_session"] = idle["bytes"] / idle["sessions"]
    return found


def _slope(counts: list[tuple[int, int]]) -> float:
    """By how much a count grows with each keepalive."""
    (short, few), (long, many) = counts
    return (long - short) / (many - few)


def _load(program: Path, url: str, spans: str, calls: int) -> list[str]:
    options = {"url": url, "sessions": SESSIONS, "in_flight": 16, "spans": spans, "calls": calls}
    return [str(program), "agent", *arguments(options)]


def _run(command: list) -> int:
    """Runs the agent under another program; returns how many keepalives there really were."""
    # Valgrind does not know the processor's instructions for SHA-256; swift-crypto can do without.
    environment = os.environ | {"OPENSSL_ia32cap": ":~0x20000000"}
    command = [str(part) for part in command]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
    calls = re.search(r'"calls":(\d+)', ended.stdout)
    if ended.returncode != 0 or not calls:
        raise Failure(f"{command[0]} failed: {ended.stderr[-2000:]}")
    return int(calls[1])


def _callgrind(folder: Path, program: Path, url: str, spans: str, calls: int):
    """Instructions and Swift allocations of the keepalive thread, each with the number of keepalives."""
    for old in folder.glob("callgrind.*"):
        old.unlink()
    command = ["valgrind", "--quiet", "--tool=callgrind", "--separate-threads=yes", "--compress-strings=no"]
    command += ["--compress-pos=no", f"--callgrind-out-file={folder / 'callgrind.out'}"]
    done = _run([*command, *_load(program, url, spans, calls)])
    # The thread with the most work is the one that keeps alive.
    threads = [_read(path) for path in folder.glob("callgrind.out-*")]
    instructions, allocations = max(threads)
    return (instructions, done), (allocations, done)


def _read(path: Path) -> tuple[int, int]:
    """Instructions of a thread, and its calls of the function that all allocations of Swift go through."""
    instructions = allocations = 0
    called = ""
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith(("summary:", "totals:")):
            instructions = int(line.split()[1])
        elif line.startswith("cfn="):
            called = line[4:]
        elif line.startswith("calls=") and "swift_slowAlloc" in called and "Typed" not in called:
            allocations += int(line[6:].split()[0])
    return instructions, allocations


def _strace(folder: Path, url: str, calls: int) -> tuple[int, int]:
    """System calls of the keepalive thread, and the number of keepalives."""
    output = folder / "strace.out"
    done = _run(["strace", "-f", "-qq", "-o", output, *_load(BUILD / "AgentBenchmark", url, "none", calls)])
    threads: dict[str, int] = {}
    for line in output.read_text(errors="replace").splitlines():
        if "resumed>" not in line and "+++" not in line and "---" not in line:
            thread = line.split(maxsplit=1)[0]
            threads[thread] = threads.get(thread, 0) + 1
    return max(threads.values()), done


def thresholds() -> dict[str, dict]:
    return tomllib.loads(THRESHOLDS.read_text())


def check(found: dict[str, float]) -> list[str]:
    """What is over its limit, or so far below that the limit guards nothing any more."""
    problems = []
    for name, entry in thresholds().items():
        value, limit = found[name], entry["limit"]
        if value > limit:
            problems.append(f"{name}: {value:.2f}, allowed are {limit}")
        elif value < limit * 0.6 - 0.5:
            problems.append(f"{name}: {value:.2f} is far below {limit}: lower the limit, so that it guards this")
    return problems


def report(found: dict[str, float]) -> str:
    limits = thresholds()
    rows = [[name.replace("_", " "), f"{value:,.1f}", f"{limits[name]['limit']:,}"] for name, value in found.items()]
    return table(["of one keepalive, or one idle session", "found", "limit in CI"], rows)
