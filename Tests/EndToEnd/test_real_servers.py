# SPDX-License-Identifier: Apache-2.0
"""Sessions on released MCP servers, idle timeout 6 s, outlive a minute of silence because the agent keeps them alive.

One agent serves all servers at once, so the minute passes once. Each server has three sessions: one that the agent
owns, one that a user opened and handed over, and one that nobody keeps alive, which shows that the timeout is real.
"""

import contextlib
import itertools
import time
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from harness.agent import Agent, attached, write_configuration, write_sessions
from harness.client import MCPClient
from harness.real_server import KINDS, RealServer
from harness.sink import Sink
from harness.waiting import wait_until

IDLE, INTERVAL, WINDOW = 6, 2, 60
AGENT = "mcp-keepalive"


@dataclass
class Case:
    server: RealServer
    attached: MCPClient
    control: MCPClient
    owned: MCPClient | None = None
    window: tuple[float, float] = (0, 0)
    # What was seen at the end of the window, and after the agent had stopped.
    bumps: dict | None = None
    control_status: int = 0
    before: list | None = None
    after: list | None = None
    owned_status: int = 0
    attached_status: int = 0


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The whole minute; the tests below look at what came of it."""
    directory = tmp_path_factory.mktemp("real-servers")
    with contextlib.ExitStack() as stack:
        sink = Sink()
        stack.callback(sink.stop)
        servers = {}
        for kind in KINDS:
            servers[kind] = RealServer(kind, directory, IDLE)
            stack.callback(servers[kind].stop)
        for server in servers.values():
            server.wait_until_ready()
        backends = "".join(
            f"  {kind}:\n    url: {server.url}\n    own_sessions: 1\n" for kind, server in servers.items()
        )
        configuration = write_configuration(
            directory,
            f"version: 1\ntelemetry: {{ endpoint: '{sink.url}', interval: 1s }}\n"
            f"defaults: {{ interval: {INTERVAL}s }}\nsessions_file: sessions.json\nbackends:\n{backends}",
        )
        cases = {
            kind: Case(server, MCPClient(server.url).open(), MCPClient(server.url).open())
            for kind, server in servers.items()
        }
        write_sessions(
            directory / "sessions.json", [attached(kind, case.attached.session) for kind, case in cases.items()]
        )
        agent = Agent(configuration)
        stack.callback(agent.stop)
        for kind, case in cases.items():
            opened = wait_until(
                lambda case=case: agent.require_running() and case.server.opened_by(AGENT), 20, f"own session on {kind}"
            )
            case.owned = MCPClient(case.server.url, opened[0])
            for client in (case.attached, case.owned, case.control):
                assert client.bump() == 1
        watch(agent, cases)
        code, seconds = agent.terminate(timeout=20)
        for case in cases.values():
            case.after = case.server.journal()
            case.owned_status, case.attached_status = case.owned.ping().status, case.attached.ping().status
        yield SimpleNamespace(cases=cases, code=code, seconds=seconds, sink=sink, agent=agent)


def watch(agent: Agent, cases: dict[str, Case]):
    """Lets the window pass without touching any session, then asks every session what it remembers."""
    started = time.monotonic()
    wait_until(
        lambda: agent.require_running() and time.monotonic() - started >= WINDOW, WINDOW + 5, "window", every=0.5
    )
    for case in cases.values():
        case.window = (started, time.monotonic())
        case.before = case.server.journal()
        case.bumps = {"attached": case.attached.bump(), "owned": case.owned.bump()}
        case.control_status = case.control.ping().status


@pytest.fixture(params=list(KINDS))
def case(request, story):
    return story.cases[request.param]


def keepalives(case: Case, session: str) -> list[dict]:
    """The pings on a session within the window. Monotonic time is the machine's, so it is the server's too."""
    start, end = case.window
    return [
        entry
        for entry in case.before
        if entry["rpc"] == "ping" and entry["session"] == session and start <= entry["at"] <= end
    ]


def test_sessions_survive_while_an_unkept_one_expires(case):
    assert case.control_status == 404, "the control session should have expired: the idle timeout is not in force"
    assert case.bumps == {"attached": 2, "owned": 2}


@pytest.mark.parametrize("which", ["attached", "owned"])
def test_keepalives_come_at_the_configured_interval(case, which):
    entries = keepalives(case, getattr(case, which).session)
    assert {entry["status"] for entry in entries} == {200}
    # Jitter only ever shortens, by 10 % at most; a busy machine may be a little late.
    assert WINDOW / INTERVAL * 0.9 <= len(entries) <= WINDOW / (INTERVAL * 0.9) + 1
    gaps = [later["at"] - earlier["at"] for earlier, later in itertools.pairwise(entries)]
    assert max(gaps) < INTERVAL + 1


def test_agent_opens_one_session_and_asks_nothing_but_pings(case):
    own = {case.attached.session, case.owned.session}
    asked = [entry for entry in case.after if "end-to-end" not in (entry["client"] or "") and entry["session"] in own]
    assert {entry["http"] for entry in asked} <= {"POST", "DELETE"}
    assert len(case.server.opened_by(AGENT)) == 1
    assert {entry["rpc"] for entry in asked if entry["tool"] != "bump"} <= {
        "ping",
        "notifications/initialized",
        "tools/list",
        None,
    }


def test_stopping_deletes_the_owned_session_only(story, case):
    assert story.code == 0
    assert story.seconds < 8
    deleted = [(entry["session"], entry["status"]) for entry in case.after if entry["http"] == "DELETE"]
    assert deleted == [(case.owned.session, 200)]
    assert case.owned_status == 404
    assert case.attached_status == 200


def test_telemetry_agrees_with_the_server(story, case):
    counted = len([entry for entry in case.after if entry["rpc"] == "ping" and "traceparent" in entry["meta"]])
    name = case.server.name
    attempts = story.sink.total("keepalive_attempt_count", backend=name)
    # A ping that was on its way when the agent was stopped is not counted.
    assert counted - 2 <= attempts <= counted
    assert story.sink.total("keepalive_success_count", backend=name) == attempts
    assert story.sink.total("keepalive_failure_count", backend=name) == 0
    assert story.sink.refused == []
