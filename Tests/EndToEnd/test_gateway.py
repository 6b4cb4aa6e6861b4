# SPDX-License-Identifier: Apache-2.0
"""A gateway on the official SDK and its 200 users, beside an agent that keeps their sessions alive.

The server says what was sent on each session by whom; the gateway says when it let the agent know.
"""

import json
from dataclasses import dataclass

import pytest
from harness.agent import Agent, write_configuration
from harness.processes import ROOT, Process
from harness.real_server import SCRIPTS, RealServer, sdk_python
from harness.waiting import wait_until

IDLE, INTERVAL, SECONDS = 6, 2, 17
# For one call of a user or one request to the agent, on a machine that is busy with other tests.
LIMIT = 10
USERS = {"quiet": 60, "busy": 50, "reinitialized": 30, "replaced": 20, "lapsing": 20, "released": 10, "closed": 10}
SEED = 41


@dataclass
class Story:
    report: dict
    journal: list[dict]

    def sessions(self, *kinds: str) -> list[dict]:
        return [session for session in self.report["sessions"] if session["kind"] in kinds]

    def of_agent(self) -> list[dict]:
        return [entry for entry in self.journal if entry["headers"]["user-agent"].startswith("mcp-keepalive/")]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    directory = tmp_path_factory.mktemp("gateway")
    server = RealServer("mcp-2.3.0-json", directory, IDLE, "--no-streams")
    try:
        server.wait_until_ready()
        yield tell(directory, server)
    finally:
        server.stop()


def tell(directory, server) -> Story:
    configuration = write_configuration(
        directory,
        f"""
        version: 1
        state_dir: state
        api: {{ listen: "off", socket: api.sock }}
        backends: {{ sdk: {{ url: '{server.url}', interval: {INTERVAL}s }} }}
        """,
    )
    agent = Agent(configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")
    gateway = None
    try:
        wait_until(lambda: agent.require_running() and (directory / "api.sock").exists(), 20, "the socket")
        command = [sdk_python("mcp-2.3.0"), SCRIPTS / "sdk_gateway.py", "--backend", "sdk", "--url", server.url]
        command += ["--socket", directory / "api.sock", "--client", ROOT / "examples" / "local-api" / "gateway.py"]
        command += [
            "--users",
            json.dumps(USERS),
            "--idle",
            IDLE,
            "--seconds",
            SECONDS,
            "--limit",
            LIMIT,
            "--seed",
            SEED,
        ]
        gateway = Process(command, directory, "gateway")
        code, seconds = gateway.wait(120)
        assert code == 0, gateway.stderr[-4000:]
        report = json.loads(gateway.stdout)
        print(f"seed {SEED}, {seconds:.1f} s: {report['times']}")
        shown = agent.stdout + agent.stderr
        assert not any(session["session"] in shown for session in report["sessions"])
        return Story(report, server.journal())
    finally:
        if gateway:
            gateway.stop()
        agent.stop()


def test_no_call_of_a_user_and_no_request_to_the_agent_fails_or_hangs(story):
    assert story.report["failures"] == []
    times = story.report["times"]
    assert times["call"]["count"] > 300 and times["register"]["count"] > sum(USERS.values())
    assert max(each["slowest"] for each in times.values()) < LIMIT
    assert story.report["lived"] > 3 * IDLE


def test_what_is_wanted_lives_and_what_is_not_expires(story):
    kept = [session for session in story.report["sessions"] if session.get("is_kept")]
    assert len(kept) == USERS["quiet"] + USERS["busy"] + USERS["reinitialized"] + USERS["replaced"]
    left = story.sessions("lapsing", "released")
    assert len(left) == USERS["lapsing"] + USERS["released"]
    assert all(session["is_expired"] for session in left)


def test_no_old_id_is_used_after_the_agent_has_answered(story):
    over = {session["session"]: session["over"] for session in story.report["sessions"] if session["over"]}
    replaced = story.sessions("reinitialized", "replaced")
    assert len(replaced) > 2 * (USERS["reinitialized"] + USERS["replaced"])
    assert len(over) == len(replaced) - 50 + USERS["lapsing"] + USERS["released"] + USERS["closed"]
    late = [entry for entry in story.of_agent() if entry["at"] > over.get(entry["session"], float("inf"))]
    assert late == []
    # Almost all of them had been called before, or this would show nothing.
    called = {entry["session"] for entry in story.of_agent()}
    assert len(over.keys() & called) > len(over) * 0.8


def test_the_agent_only_ever_pings_and_only_what_is_there(story):
    requests = story.of_agent()
    assert len(requests) > USERS["quiet"] * SECONDS / INTERVAL
    assert {(entry["http"], entry["rpc"], entry["status"]) for entry in requests} == {("POST", "ping", 200)}
    assert {entry["session"] for entry in requests} <= {session["session"] for session in story.report["sessions"]}
