# SPDX-License-Identifier: Apache-2.0
"""The local API of a running agent: sessions from outside, their state across restarts, events, the switches."""

import json
import socket
import threading

import pytest
from harness.agent import run_command, write_configuration
from harness.local_api import LocalApi
from harness.scripted import HANG, rpc_error
from harness.waiting import wait_until

USAGE, UNAVAILABLE, SECOND_INSTANCE, CONFIGURATION = 64, 69, 75, 78


@pytest.fixture
def start(start_agent, tmp_path):
    """Starts an agent with a local API and state; returns both."""

    def make(url: str, interval: str = "1s", **environment):
        configuration = write_configuration(
            tmp_path,
            f"""
            version: 1
            state_dir: state
            api: {{ listen: "off", socket: api.sock }}
            backends:
              alpha: {{ url: '{url}', interval: {interval} }}
            """,
        )
        agent = start_agent(configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="", **environment)
        api = LocalApi(tmp_path / "api.sock")
        wait_until(lambda: ready(api), 20, "the API answers")
        return agent, api

    return make


def ready(api: LocalApi) -> bool:
    try:
        return api.ask("GET", "/readyz").status == 200
    except (FileNotFoundError, ConnectionError):
        return False


def not_found(request):
    return rpc_error(request, -32600, "Session not found", 404)


def test_a_registered_session_is_kept_alive_and_never_shown(start, scripted):
    server = scripted()
    agent, api = start(server.url)
    session = server.open_session()
    answer = api.put("alpha", "mine", session, lease_seconds=60, headers={"X-Secret": "canary-header"})
    assert answer.status == 201 and answer.json["durable"]
    wait_until(lambda: server.count("ping", session) >= 2, 20, "keepalives")
    shown = api.ask("GET", api.session("alpha", "mine"))
    listed = api.ask("GET", "/v1/sessions")
    status = api.ask("GET", "/v1/status")
    assert shown.json["state"] == "active" and shown.json["source"] == "api" and shown.json["last_success"]
    assert status.json["backends"][0]["successes"] >= 2 and status.json["storage"]["state"] == "ok"
    assert api.put("alpha", "mine", session).status == 200
    assert api.put("alpha", "other", session).json["code"] == "session_in_use"
    assert api.delete("alpha", "mine").status == 204
    assert api.delete("alpha", "mine").json["code"] == "no_such_session"
    before = server.count("ping", session)
    everything = shown.body + listed.body + status.body + agent.stderr.encode()
    assert session.encode() not in everything and b"canary" not in everything
    api.put("alpha", "next", server.open_session())
    wait_until(lambda: server.count("ping") >= before + 3, 20, "other keepalives")
    assert server.count("ping", session) == before
    assert server.count("DELETE") == 0


def test_replace_and_suspend_take_a_hanging_call_off_the_wire_first(start, scripted):
    server = scripted(lambda request: HANG if request.session == old else None)
    old = server.open_session()
    new = server.open_session()
    _, api = start(server.url)
    api.put("alpha", "mine", old, lease_seconds=600)
    wait_until(lambda: server.count("ping", old) == 1, 20, "a call that hangs")
    assert api.ask("POST", api.session("alpha", "mine", "/suspend"), {"seconds": 60}).json["suspended_until"]
    assert api.ask("GET", api.session("alpha", "mine")).json["state"] == "suspended"
    assert api.put("alpha", "mine", new, lease_seconds=600).status == 200
    wait_until(lambda: server.count("ping", new) >= 2, 20, "keepalives of the new session")
    assert server.count("ping", old) == 1


def test_a_gateway_learns_of_what_is_lost_and_of_leases_that_end(start, scripted):
    lost: set[str] = set()
    server = scripted(
        lambda request: rpc_error(request, -32600, "Session not found", 404) if request.session in lost else None
    )
    _, api = start(server.url)
    events = Events(api)
    doomed = server.open_session()
    api.put("alpha", "doomed", doomed, lease_seconds=600)
    api.put("alpha", "brief", server.open_session(), lease_seconds=1)
    released = events.next("released")
    assert released["key"] == "brief" and released["reason"] == "lease_expired"
    lost.add(doomed)
    told = events.next("lost")
    assert told["key"] == "doomed" and told["backend"] == "alpha"
    wait_until(lambda: not api.sessions(), 20, "the registration is gone")
    events.close()
    # Resumed after the first event, the second one comes again.
    again = Events(api, released["id"])
    assert again.next("lost")["id"] == told["id"]
    again.close()


def test_somebody_can_disable_probe_and_enable_a_backend(start, scripted):
    server = scripted()
    _, api = start(server.url)
    session = server.open_session()
    api.put("alpha", "mine", session, lease_seconds=600)
    assert api.ask("POST", "/v1/backends/alpha/probe").json["succeeded"] is True
    assert api.ask("POST", "/v1/backends/alpha/disable", {"for_seconds": 600}).json["state"] == "held_by_operator"
    before = server.count("ping")
    assert api.ask("POST", "/v1/backends/alpha/probe").json.get("succeeded") is None
    assert api.ask("POST", "/v1/backends/alpha/enable").json["state"] == "active"
    wait_until(lambda: server.count("ping") > before, 20, "keepalives again")
    assert api.ask("POST", "/v1/backends/beta/probe").json["code"] == "no_such_backend"


def test_two_agents_do_not_share_a_state_or_a_socket(start, scripted, tmp_path):
    server = scripted()
    start(server.url)
    other = tmp_path / "other"
    other.mkdir()
    text = "version: 1\nstate_dir: {state}\napi: {{ listen: 'off', socket: {socket} }}\nbackends: {{}}\n"
    same_state = write_configuration(other, text.format(state="../state", socket="b.sock"), "state.yaml")
    done = run_command("run", "-c", same_state, cwd=other, MCP_KEEPALIVE_API="", OTEL_SDK_DISABLED="true")
    assert done.returncode == SECOND_INSTANCE and "state_dir" in done.stderr
    same_socket = write_configuration(other, text.format(state="mine", socket="../api.sock"), "socket.yaml")
    done = run_command("run", "-c", same_socket, cwd=other, MCP_KEEPALIVE_API="", OTEL_SDK_DISABLED="true")
    assert done.returncode == UNAVAILABLE and "another process listens" in done.stderr


def test_an_agent_whose_address_is_taken_calls_nobody(start, scripted, tmp_path):
    start(scripted().url)
    server = scripted()
    backends = f"version: 1\nbackends: {{ beta: {{ url: '{server.url}', own_sessions: 1 }} }}\n"
    file = write_configuration(tmp_path, backends, "other.yaml")
    done = run_command("run", "-c", file, "--api", "api.sock", cwd=tmp_path, OTEL_SDK_DISABLED="true")
    assert done.returncode == UNAVAILABLE and "another process listens" in done.stderr
    assert server.requests == []


def test_the_command_line_says_where_the_api_is(start_agent, scripted, tmp_path):
    text = f"version: 1\napi: {{ socket: file.sock }}\nbackends: {{ alpha: {{ url: '{scripted().url}' }} }}\n"
    file = write_configuration(tmp_path, text)
    # The environment of the tests says off.
    agent = start_agent(file, "--api", "option.sock", OTEL_SDK_DISABLED="true")
    api = LocalApi(tmp_path / "option.sock")
    wait_until(lambda: agent.require_running() and ready(api), 20, "the API answers")
    assert not (tmp_path / "file.sock").exists()
    # What was said then holds on: a reload has nothing to warn of.
    assert api.ask("POST", "/v1/reload").json["warnings"] == []


def test_an_unknown_backend_is_told_with_the_one_that_was_meant(start, scripted):
    _, api = start(scripted().url)
    for action in ("probe", "enable", "disable"):
        problem = api.ask("POST", f"/v1/backends/alpa/{action}")
        assert problem.status == 404 and "no backend 'alpa'; did you mean 'alpha'?" in problem.json["detail"]
    told = run_command("backends", "probe", "warehouse", "--api", api.path, cwd=api.path.parent)
    assert told.returncode == USAGE and "no backend 'warehouse'; it has alpha" in told.stderr


def test_commands_find_the_agent_by_a_file_that_has_errors(start, scripted, tmp_path):
    start(scripted().url)
    file = tmp_path / "mcp-keepalive.yaml"
    file.write_text(file.read_text() + "bogus: 1\n")
    done = run_command("reload", cwd=tmp_path, MCP_KEEPALIVE_API="")
    assert done.returncode == CONFIGURATION and "bogus" in done.stderr
    assert run_command("status", cwd=tmp_path, MCP_KEEPALIVE_API="").returncode == 0
    unknown = run_command("sessions", "show", "beta", "mine", cwd=tmp_path, MCP_KEEPALIVE_API="")
    assert unknown.returncode == USAGE
    held = run_command("backends", "disable", "alpha", "--for", "1m", cwd=tmp_path, MCP_KEEPALIVE_API="")
    assert "for 1m" in held.stdout
    probed = run_command("backends", "probe", "alpha", cwd=tmp_path, MCP_KEEPALIVE_API="")
    assert "enable it first" in probed.stdout + probed.stderr
    listed = run_command("backends", "list", cwd=tmp_path, MCP_KEEPALIVE_API="")
    assert "HELD" in listed.stdout and "(by hand)" in listed.stdout


class Events:
    """A stream of events, read in the background."""

    def __init__(self, api: LocalApi, last: str | None = None):
        self.seen: list[dict] = []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(api.path))
        resume = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET /v1/events HTTP/1.1\r\nHost: agent\r\n{resume}\r\n".encode())
        self.stream = self.socket.makefile("rb")
        while self.stream.readline().strip():
            pass
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            for line in self.stream:
                if line.startswith(b"data: "):
                    self.seen.append(json.loads(line[6:]))
        except (OSError, ValueError):
            return

    def next(self, kind: str) -> dict:
        wait_until(lambda: any(event["kind"] == kind for event in self.seen), 20, f"the event {kind}")
        return next(event for event in self.seen if event["kind"] == kind)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
