# SPDX-License-Identifier: Apache-2.0
"""Sessions that a gateway registers: how fast, how long a start takes with them, and a reload."""

import statistics
import tempfile
import time
from pathlib import Path

from .agent_process import AgentProcess, build
from .processes import Failure, Peer, say
from .registrar import register
from .spread import table

TITLE = "Sessions from outside"
ABOUT = """\
The agent as it is run, with its unix socket and its state on disk. A registration is one PUT on a kept-alive
connection, answered when it is committed. A start is measured from the process until `/readyz`, when all sessions are
there again; a reload from the call until its answer, when the new configuration is in force."""

COUNTS = [10_000, 100_000, 1_000_000]
#: Reloads are measured with so many sessions.
RELOADED = 100_000
REPETITIONS = 5

CONFIGURATION = """\
version: 1
telemetry: {{ endpoint: {url} }}
state_dir: state
api: {{ listen: off, socket: api.sock, max_sessions: 1000000 }}
backends:
  registered: {{ url: {url}/mcp, interval: {interval} }}
  other: {{ url: {url}/mcp, timeout: {timeout} }}
"""


def measure() -> dict:
    build()
    result: dict[str, list] = {"registered": [], "started": [], "reloaded": []}
    with Peer() as peer:
        for count in COUNTS:
            with tempfile.TemporaryDirectory() as folder:
                _measure(count, Path(folder), peer.url, result)
    return result


def _measure(count: int, folder: Path, url: str, result: dict):
    usual = CONFIGURATION.format(url=url, interval="1h", timeout="10s")
    say(f"registration: {count:,} sessions")
    with AgentProcess(folder, usual) as agent:
        agent.wait_until_ready()
        result["registered"].append(_register(agent, range(count), in_flight=16))
        if count == COUNTS[0]:
            result["registered"].append(_register(agent, range(count, 2 * count), in_flight=1))
            count *= 2
        agent.stop()
    say(f"registration: start with {count:,} sessions")
    with AgentProcess(folder, usual) as agent:
        seconds = agent.wait_until_ready()
        found = {
            "sessions": agent.sessions(),
            "seconds": seconds,
            "processorSeconds": agent.processor_seconds(),
            "stateBytes": sum(file.stat().st_size for file in (folder / "state").iterdir()),
            "residentBytes": agent.memory("VmRSS"),
            "peakBytes": agent.memory("VmHWM"),
        }
        if found["sessions"] != count:
            raise Failure(f"{found['sessions']} of {count} sessions are there again")
        result["started"].append(found)
        if count == RELOADED:
            changes = {
                "nothing": [usual],
                "another backend": [
                    CONFIGURATION.format(url=url, interval="1h", timeout=f"{9 - index % 2}s")
                    for index in range(REPETITIONS)
                ],
                "the interval of their backend": [
                    CONFIGURATION.format(url=url, interval=f"{50 + index % 2}m", timeout="10s")
                    for index in range(REPETITIONS)
                ],
            }
            for name, configurations in changes.items():
                say(f"registration: reload, changed: {name}")
                result["reloaded"].append({"changed": name, **_reload(agent, configurations)})
        agent.stop()


def _register(agent: AgentProcess, numbers: range, in_flight: int) -> dict:
    processor, began = agent.processor_seconds(), time.perf_counter()
    waited = register(agent.socket, "registered", numbers, in_flight)
    return {
        "sessions": len(numbers),
        "inFlight": in_flight,
        "seconds": time.perf_counter() - began,
        "processorSeconds": agent.processor_seconds() - processor,
        "p50": statistics.median(waited),
        "p99": statistics.quantiles(waited, n=100)[98],
    }


def _reload(agent: AgentProcess, configurations: list[str]) -> dict:
    waited, processor = [], agent.processor_seconds()
    for configuration in configurations * (REPETITIONS // len(configurations)):
        agent.write(configuration)
        began = time.perf_counter()
        status, answer = agent.ask("POST", "/v1/reload")
        waited.append(time.perf_counter() - began)
        if status != 200:
            raise Failure(f"the reload failed: {answer}")
    return {
        "seconds": statistics.median(waited),
        "processorSeconds": (agent.processor_seconds() - processor) / len(waited),
    }


def report(result: dict) -> str:
    registered = [
        [
            f"{one['sessions']:,}",
            one["inFlight"],
            f"{one['sessions'] / one['seconds']:,.0f}",
            f"{1e6 * one['processorSeconds'] / one['sessions']:.0f}",
            f"{1000 * one['p50']:.2f}",
            f"{1000 * one['p99']:.2f}",
        ]
        for one in result["registered"]
    ]
    started = [
        [
            f"{one['sessions']:,}",
            f"{one['stateBytes'] / 1e6:.0f}",
            f"{one['seconds']:.2f}",
            f"{1e6 * one['processorSeconds'] / one['sessions']:.1f}",
            f"{one['residentBytes'] / 1e6:.0f}",
            f"{one['peakBytes'] / 1e6:.0f}",
        ]
        for one in result["started"]
    ]
    reloaded = [
        [one["changed"], f"{1000 * one['seconds']:.1f}", f"{1000 * one['processorSeconds']:.0f}"]
        for one in result["reloaded"]
    ]
    head = ["sessions registered", "at a time", "in a second", "µs of CPU each", "ms, half at most", "ms, 99 % at most"]
    parts = [table(head, registered)]
    head = ["sessions from the state", "MB of state", "s", "µs of CPU each", "MB resident then", "MB at most"]
    parts.append(table(head, started))
    parts.append(table([f"reload with {RELOADED:,} sessions after a change of", "ms", "ms of CPU"], reloaded))
    return "\n\n".join(parts)
