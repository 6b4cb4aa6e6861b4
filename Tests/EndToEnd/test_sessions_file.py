# SPDX-License-Identifier: Apache-2.0
"""The sessions file: replaced by atomic rename or by a swapped symlink, read again within two seconds."""

import json
import time

import pytest
from harness.agent import attached, write_configuration, write_sessions
from harness.waiting import wait_until, wait_until_quiet

# The file is looked at within 2 s; the first keepalive then comes within one interval of 1 s; 1 s for a busy machine.
NOTICED = 2 + 1 + 1


@pytest.fixture
def server(scripted):
    return scripted()


@pytest.fixture
def configuration(server, sink, tmp_path):
    return write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', interval: 1s }}
        defaults: {{ interval: 1s }}
        sessions_file: sessions.json
        backends: {{ scripted: {{ url: '{server.url}' }} }}
        """,
    )


def is_pinged(agent, server, session, timeout=NOTICED):
    before = server.count("ping", session)
    wait_until(
        lambda: agent.require_running() and server.count("ping", session) > before, timeout, "the session is pinged"
    )


def test_a_replaced_file_is_noticed(server, configuration, start_agent, tmp_path):
    path = tmp_path / "sessions.json"
    first, second = server.open_session(), server.open_session()
    write_sessions(path, [attached("scripted", first)])
    agent = start_agent(configuration)
    is_pinged(agent, server, first, timeout=20)
    write_sessions(path, [attached("scripted", first), attached("scripted", second)])
    is_pinged(agent, server, second)
    is_pinged(agent, server, first)


def test_a_swapped_symlink_is_noticed(server, configuration, start_agent, tmp_path):
    """Kubernetes swaps a `..data` directory link: the file's own path never changes."""
    first, second = server.open_session(), server.open_session()
    for name, session in (("old", first), ("new", second)):
        (tmp_path / name).mkdir()
        write_sessions(tmp_path / name / "sessions.json", [attached("scripted", session)])
    (tmp_path / "..data").symlink_to("old")
    (tmp_path / "sessions.json").symlink_to("..data/sessions.json")
    agent = start_agent(configuration)
    is_pinged(agent, server, first, timeout=20)
    (tmp_path / "..data_new").symlink_to("new")
    (tmp_path / "..data_new").replace(tmp_path / "..data")
    is_pinged(agent, server, second)
    wait_until_quiet(lambda: server.count("ping", first), 2.5, 10, "the session of the old file")


def test_bad_entries_are_reported_and_skipped(server, configuration, start_agent, tmp_path):
    good = server.open_session()
    entries = [
        {"backend": "scripted"},
        attached("scriptd", "unknown-backend-id"),
        attached("scripted", "has a space"),
        attached("scripted", good),
    ]
    write_sessions(tmp_path / "sessions.json", entries)
    agent = start_agent(configuration)
    is_pinged(agent, server, good, timeout=20)
    wait_until(lambda: agent.stderr.count("sessions.json") >= 3, 5, "each bad entry is reported")
    assert "scriptd" in agent.stderr, "the unknown backend is named"
    assert {request.session for request in server.asked()} == {good}


def test_a_broken_file_leaves_the_last_good_one_in_force(server, configuration, start_agent, tmp_path):
    path = tmp_path / "sessions.json"
    session, later = server.open_session(), server.open_session()
    write_sessions(path, [attached("scripted", session)])
    agent = start_agent(configuration)
    is_pinged(agent, server, session, timeout=20)
    quiet_until_now = agent.stderr
    broken = path.with_name("broken")
    broken.write_text('{"sessions": [')
    broken.replace(path)
    wait_until(lambda: "sessions.json" in agent.stderr[len(quiet_until_now) :], NOTICED, "the broken file is reported")
    is_pinged(agent, server, session)
    is_pinged(agent, server, session)
    write_sessions(path, [attached("scripted", later)])
    is_pinged(agent, server, later)


def test_a_missing_file_is_an_empty_one(server, configuration, start_agent, tmp_path):
    session = server.open_session()
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and "sessions.json" in agent.stderr, 20, "the missing file is reported")
    write_sessions(tmp_path / "sessions.json", [attached("scripted", session)])
    is_pinged(agent, server, session)


@pytest.mark.parametrize("how", ["removed", "expired"])
def test_a_released_session_gets_nothing_more(server, configuration, start_agent, tmp_path, how):
    path = tmp_path / "sessions.json"
    released, kept = server.open_session(), server.open_session()
    if how == "expired":
        expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
        write_sessions(path, [attached("scripted", released, expires_at=expiry), attached("scripted", kept)])
    else:
        write_sessions(path, [attached("scripted", released), attached("scripted", kept)])
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and server.count("ping", released) >= 2, 20, "the session is pinged")
    if how == "removed":
        write_sessions(path, [attached("scripted", kept)])
    wait_until_quiet(lambda: server.count(session=released), 2.5, 15, "the released session")
    is_pinged(agent, server, kept)
    assert {request.method for request in server.asked(session=released)} == {"ping"}
    code, _ = agent.terminate()
    assert code == 0
    assert server.count("DELETE") == server.count("initialize") == 0


def test_entry_headers_are_sent_and_read_from_files(server, configuration, start_agent, tmp_path):
    session = server.open_session()
    (tmp_path / "alice").write_text("alice-secret\n")
    (tmp_path / "alice").chmod(0o600)
    headers = {"authorization": "Bearer ${file:alice}", "x-tenant": "blue"}
    (tmp_path / "sessions.json").write_text(json.dumps({"sessions": [attached("scripted", session, headers=headers)]}))
    agent = start_agent(configuration)
    is_pinged(agent, server, session, timeout=20)
    sent = server.asked("ping", session)[0].headers
    assert (sent["authorization"], sent["x-tenant"]) == ("Bearer alice-secret", "blue")
    assert sent["mcp-protocol-version"] == "2025-11-25"
