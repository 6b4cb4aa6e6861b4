# SPDX-License-Identifier: Apache-2.0
"""Events that the agent POSTs to `api.webhook`, to receivers in all kinds of moods."""

import json
import threading

import pytest
from harness import openapi
from harness.agent import run_command, write_configuration
from harness.local_api import LocalApi
from harness.loopback import Handler, Loopback
from harness.waiting import wait_until

HANG = object()


class Receiver:
    """Answers POSTs with what `mood` says, and keeps them."""

    def __init__(self):
        self.mood: object = 204
        self.lock = threading.Lock()
        self.posts: list[tuple[object, dict[str, str], list[dict]]] = []
        self.stopping = threading.Event()
        receiver = self

        class Answers(Handler):
            def do_POST(self):
                body, mood = self.read_body(), receiver.mood
                headers = {name.lower(): value for name, value in self.headers.items()}
                with receiver.lock:
                    receiver.posts.append((mood, headers, openapi.check_webhook(body)))
                if mood is HANG:
                    receiver.stopping.wait()
                    self.close_connection = True
                else:
                    self.answer(mood, "text/plain", b"")

        self.server = Loopback(Answers)

    def taken(self) -> list[dict]:
        with self.lock:
            return [event for mood, _, events in self.posts if mood == 204 for event in events]

    def stop(self):
        self.stopping.set()
        self.server.stop()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def start(start_agent, scripted, receiver, tmp_path):
    """An agent with a webhook; its API and a server with sessions, too."""
    server = scripted()
    (tmp_path / "token").write_text("canary-token\n")
    (tmp_path / "token").chmod(0o600)
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        api:
          listen: "off"
          socket: api.sock
          webhook:
            url: '{receiver.server.url}/hook?key=canary-query'
            headers: {{ authorization: "Bearer ${{file:token}}" }}
        backends:
          alpha: {{ url: '{server.url}', interval: 1s }}
        """,
    )
    agent = start_agent(configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")
    api = LocalApi(tmp_path / "api.sock")
    wait_until((tmp_path / "api.sock").exists, 20, "the API")
    return agent, api, server


def switch(api: LocalApi, times: int):
    """Two events each."""
    for _ in range(times):
        api.ask("POST", "/v1/backends/alpha/disable", {"for_seconds": 600})
        api.ask("POST", "/v1/backends/alpha/enable")


def webhook(api: LocalApi) -> dict:
    return api.ask("GET", "/v1/status").json["webhook"]


def test_a_receiver_that_refuses_at_first_gets_all_events_once_it_takes_them(start, receiver, tmp_path):
    agent, api, server = start
    assert webhook(api)["state"] == "waiting"
    receiver.mood = 503
    api.put("alpha", "mine", server.open_session(), lease_seconds=1)
    wait_until(lambda: webhook(api)["state"] == "failing", 20, "a refusal")
    switch(api, 3)
    failing = webhook(api)
    assert failing["problem"] == "HTTP 503" and failing["pending"] >= 7 and failing["dropped"] == 0
    shown = run_command("status", cwd=tmp_path, MCP_KEEPALIVE_API="").stdout
    assert "webhook FAILING" in shown and "HTTP 503" in shown
    receiver.mood = 204
    wait_until(lambda: len(receiver.taken()) >= 7, 30, "all events")
    switch(api, 1)
    wait_until(lambda: len(receiver.taken()) >= 9, 20, "events as they happen")
    events = receiver.taken()
    numbers = [int(event["id"].split("-")[1]) for event in events]
    assert numbers == list(range(1, 10))
    released = next(event for event in events if event["kind"] == "released")
    assert (released["backend"], released["key"], released["reason"]) == ("alpha", "mine", "lease_expired")
    assert [event["kind"] for event in events if event["kind"] != "released"] == ["disabled", "enabled"] * 4
    assert {headers["authorization"] for _, headers, _ in receiver.posts} == {"Bearer canary-token"}
    assert {headers["content-type"] for _, headers, _ in receiver.posts} == {"application/json"}
    healthy = webhook(api)
    assert healthy["state"] == "ok" and healthy["pending"] == 0 and "problem" not in healthy
    assert healthy["endpoint"] == receiver.server.url
    lines = [line for line in agent.stderr.splitlines() if "webhook" in line]
    assert len(lines) == 3, lines
    assert "events are POSTed" in lines[0] and "HTTP 503" in lines[1] and "takes events again" in lines[2]
    assert "canary" not in agent.stderr + json.dumps(healthy) + shown


def test_a_receiver_that_hangs_delays_no_keepalive_and_no_stop(start, receiver):
    agent, api, server = start
    receiver.mood = HANG
    sessions = [server.open_session() for _ in range(5)]
    for number, session in enumerate(sessions):
        api.put("alpha", f"s{number}", session, lease_seconds=600)
    switch(api, 1)
    wait_until(lambda: receiver.posts, 20, "a POST")
    switch(api, 100)
    before = {session: server.count("ping", session) for session in sessions}
    # The interval is 1 s, and a POST is given up after 10.
    wait_until(
        lambda: all(server.count("ping", session) >= before[session] + 4 for session in sessions), 8, "keepalives"
    )
    assert len(receiver.posts) == 1, "one at a time"
    code, _ = agent.terminate(timeout=8)
    assert code == 0 and "events were not taken" in agent.stderr
