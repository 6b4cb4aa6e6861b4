# SPDX-License-Identifier: Apache-2.0
"""Processor time of one keepalive, of the agent and of other clients that send the same request to the same peer."""

import json
import os
import tempfile
from pathlib import Path

from .processes import BUILD, PYTHON, Failure, Peer, play, run, say
from .spread import spread, table
from .tls_front import TLSFront

TITLE = "What a keepalive costs"
ABOUT = """\
Processor time of the whole client process for one call, user and system, in a window after a warm-up. All clients
send the same ping to the same peer, which echoes ids and takes exports; behind TLS it is nginx. More sessions are
due than can be called, so 16 calls are in flight all the time, or 64. wrk sends a constant request and reads no
answer; the Python programs have 16 tasks."""

CLIENTS = Path(__file__).parent / "clients"
WARM_UP = 1.5

#: How the agent is told to be measured, by the name of the row.
AGENT = {
    "agent, no spans": ("agent", {"in_flight": 16, "spans": "none"}),
    "agent, spans exported": ("agent", {"in_flight": 16, "spans": "exported"}),
    "agent, spans dropped": ("agent", {"in_flight": 16, "spans": "dropped"}),
    "agent, no spans, 64 in flight": ("agent", {"in_flight": 64, "spans": "none"}),
    "agent, spans exported, 64 in flight": ("agent", {"in_flight": 64, "spans": "exported"}),
    "its HTTP client alone": ("transfer", {"in_flight": 16}),
}
#: What is measured in which setting; the first of each is what the others are compared with.
SETTINGS = {
    "JSON": ["wrk", *AGENT, "aiohttp", "Python mcp SDK"],
    "event streams": ["wrk", "agent, no spans", "aiohttp", "Python mcp SDK"],
    "JSON over TLS": ["wrk", "agent, no spans", "its HTTP client alone", "aiohttp", "Python mcp SDK"],
}


def measure(rounds: int, window: float) -> dict:
    request = run([BUILD / "AgentBenchmark", "request"]).output
    result = {}
    for setting, names in SETTINGS.items():
        with Peer(answers="streams" if setting == "event streams" else "json") as peer:
            if "TLS" in setting:
                with TLSFront(peer.url) as front:
                    found = _rounds(setting, names, rounds, window, request, front.url, str(front.ca_file))
            else:
                found = _rounds(setting, names, rounds, window, request, peer.url, "")
        result[setting] = found
    return result


def _rounds(setting, names, rounds, window, request, url, ca_file) -> dict:
    costs: dict[str, list[float]] = {name: [] for name in names}
    rates: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        say(f"cost, {setting}: round {number + 1} of {rounds}")
        # There and back again, so that a machine that gets slower or faster treats all alike.
        for name in names if number % 2 == 0 else reversed(names):
            cost, rate = _one(name, window, request, url, ca_file)
            costs[name].append(cost)
            rates[name].append(rate)
    return {
        name: {"microseconds": spread(costs[name]), "rate": spread(rates[name])["median"], "rounds": costs[name]}
        for name in names
    }


def _one(name, window, request, url, ca_file) -> tuple[float, float]:
    """Microseconds of processor time for a call, and calls in a second."""
    if name == "wrk":
        return _wrk(window, request, url)
    if name in AGENT:
        role, options = AGENT[name]
        if ca_file:
            options = options | {"ca_file": ca_file}
        found = play(role, url=url, warm_up=WARM_UP, window=window, **options)
    elif name == "aiohttp":
        command = [PYTHON, CLIENTS / "aiohttp_client.py", url + "/mcp", 16, WARM_UP, window, request, ca_file]
        found = json.loads(run(command).output)
    else:
        os.environ["SSL_CERT_FILE"] = ca_file or "/etc/ssl/certs/ca-certificates.crt"
        command = [PYTHON, CLIENTS / "mcp_client.py", url + "/mcp", 16, WARM_UP, window]
        found = json.loads(run(command, quiet=True).output)
    return found["processorMicroseconds"] / found["calls"], 1e6 * found["calls"] / found["wallMicroseconds"]


def _wrk(window, request, url) -> tuple[float, float]:
    described = json.loads(request)
    script = f'wrk.method = "POST"\nwrk.body = [[{described["body"]}]]\n'
    script += "".join(f'wrk.headers["{name}"] = "{value}"\n' for name, value in described["headers"].items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        seconds = max(1, round(window))
        ended = run(["wrk", "-t1", "-c16", f"-d{seconds}s", "--timeout", "5s", "-s", file.name, url + "/mcp"])
    summary = [line.split() for line in ended.output.splitlines() if " requests in " in line]
    if not summary or "Non-2xx" in ended.output or "Socket errors" in ended.output:
        raise Failure(f"wrk did not get through:\n{ended.output}")
    calls = int(summary[0][0])
    return 1e6 * ended.processor_seconds / calls, calls / seconds


def ratio(found: dict, one: str, other: str) -> float:
    """How much more of `one`'s time `other` takes, as the median over the rounds."""
    return spread([b / a for a, b in zip(found[one]["rounds"], found[other]["rounds"], strict=True)])["median"]


def report(result: dict) -> str:
    parts = []
    for setting, found in result.items():
        rows = []
        for name, one in found.items():
            times = one["microseconds"]
            rows.append(
                [name, f"{times['minimum']:.1f}", f"**{times['median']:.1f}**", f"{times['maximum']:.1f}"]
                + [f"{1 / ratio(found, 'wrk', name):.3f}", f"{ratio(found, 'agent, no spans', name):.2f}"]
                + [f"{one['rate']:,.0f}"]
            )
        head = [setting, "µs, least", "µs, median", "µs, most", "of wrk", "times the agent", "calls/s"]
        parts.append(table(head, rows))
    return "\n\n".join(parts)
