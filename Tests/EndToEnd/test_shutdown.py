# SPDX-License-Identifier: Apache-2.0
"""Stopping: within 8 s whatever hangs, at once on a second signal, with the last counts delivered."""

import signal
import time

import pytest
from harness.agent import attached, write_configuration, write_sessions
from harness.faults import hangs
from harness.scripted import HANG
from harness.waiting import wait_until


@pytest.fixture
def hanging(scripted, faulty, start_agent, tmp_path):
    """An agent with an own and an attached session on a backend that hangs, and a collector that hangs."""
    server, collector = scripted(), faulty(hangs)
    server.script = lambda request: HANG if request.method in ("ping", "DELETE") else None
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: 'http://127.0.0.1:{collector.port}', interval: 1s }}
        defaults: {{ interval: 5s, timeout: 5s }}
        sessions_file: sessions.json
        backends: {{ hanging: {{ url: '{server.url}', own_sessions: 1 }} }}
        """,
    )
    write_sessions(tmp_path / "sessions.json", [attached("hanging", server.open_session())])
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and server.count("ping") >= 1, 20, "a ping hangs")
    wait_until(lambda: server.count("initialize") == 1, 10, "the own session is open")
    wait_until(lambda: collector.requests >= 1, 20, "an export hangs")
    return agent, server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_hanging_backend_and_collector_do_not_hold_up_the_exit(hanging, number):
    agent, server = hanging
    agent.signal(number)
    code, seconds = agent.wait(timeout=20)
    assert (code, seconds < 8) == (0, True), seconds
    assert server.count("DELETE") == 1


def test_a_second_signal_ends_at_once(hanging):
    agent, server = hanging
    agent.signal()
    wait_until(lambda: server.count("DELETE") == 1, 5, "the shutdown has begun")

    def has_ended():
        # One that comes within 300 ms of the first is the same wish still.
        agent.signal()
        return agent.popen.poll() is not None

    started = time.monotonic()
    wait_until(has_ended, 5, "the end", every=0.1)
    code, _ = agent.wait(timeout=0)
    assert (code, time.monotonic() - started < 1.5) == (128 + signal.SIGTERM, True)


def test_two_signals_at_the_same_time_are_one_wish(hanging):
    agent, server = hanging
    agent.signal(signal.SIGINT)
    agent.signal(signal.SIGTERM)
    code, seconds = agent.wait(timeout=20)
    assert (code, seconds < 8) == (0, True), seconds
    assert server.count("DELETE") == 1


def test_stopping_delivers_the_last_counts(scripted, sink, start_agent, tmp_path):
    server = scripted()
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', interval: 10m }}
        defaults: {{ interval: 1s }}
        backends: {{ scripted: {{ url: '{server.url}', own_sessions: 1 }} }}
        """,
    )
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and server.count("ping") >= 3, 20, "three pings")
    assert sink.total("keepalive_attempt_count") == 0, "the periodic export is ten minutes away"
    code, seconds = agent.terminate()
    assert (code, seconds < 8) == (0, True), seconds
    # One more may have been on its way: it is then neither counted nor traced.
    pings = server.count("ping")
    attempts = sink.total("keepalive_attempt_count")
    assert pings - 1 <= attempts <= pings
    assert attempts == sink.total("keepalive_success_count") == sink.total("keepalive_latency_ms")
    assert len([span for span in sink.spans() if span.name == "ping"]) == attempts
    assert server.count("DELETE") == 1 and not server.sessions
