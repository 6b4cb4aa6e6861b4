# SPDX-License-Identifier: Apache-2.0
"""The processes that are measured, and the peer that answers them all."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("AGENT_BENCHMARK_BUILD", ROOT / ".build-bench" / "release"))
PYTHON = ROOT / ".tools" / "benchmark" / "bin" / "python"


class Failure(Exception):
    """Why there is no result: a benchmark that measured something else is worse than none."""


def say(text: str):
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclass
class Ended:
    output: str
    processor_seconds: float


def run(command: list, quiet: bool = False) -> Ended:
    """Runs a program to its end; its processor time is that of all its threads, user and system.

    `quiet` is for those that complain when they are interrupted.
    """
    command = [str(part) for part in command]
    talk = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=talk, text=True)
    try:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(f"{' '.join(command[:2])} ended with {process.returncode}: {output}")
    return Ended(output, usage.ru_utime + usage.ru_stime)


def play(role: str, **options) -> dict:
    """Lets AgentBenchmark play a role, and returns what it found."""
    return json.loads(run([BUILD / "AgentBenchmark", role, *arguments(options)]).output)


def arguments(options: dict) -> list[str]:
    return [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]


class Peer:
    """The fixed other side of every measurement."""

    def __init__(self, **options):
        command = [str(BUILD / "AgentBenchmark"), "serve", *arguments(options)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http://"):
            raise Failure("the peer did not start")

    def finish(self) -> dict:
        """Ends it; returns what it saw."""
        output, _ = self.process.communicate(timeout=60)
        return json.loads(output)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
