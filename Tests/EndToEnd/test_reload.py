# SPDX-License-Identifier: Apache-2.0
"""Another configuration while the agent runs, by SIGHUP or because the file changed. What is the same is left alone."""

import itertools
import json
import os
import signal
import socket

import pytest
from harness.agent import attached, write_sessions
from harness.scripted import Reply
from harness.waiting import wait_until, wait_until_quiet

# By hand once with 1000.
RELOADS = int(os.environ.get("MCP_KEEPALIVE_RELOADS", "200"))


class ConfigurationFile:
    """The agent's file: `telemetry` and `defaults` are always the same, the backends change."""

    def __init__(self, directory, sink):
        self.path = directory / "mcp-keepalive.yaml"
        self.fixed = {
            "version": 1,
            "telemetry": {"endpoint": sink.url, "interval": "300ms"},
            "defaults": {"interval": "1s", "jitter": "0%"},
        }

    def text(self, backends: dict, **more) -> str:
        return json.dumps({**self.fixed, **more, "backends": backends}, indent=1)

    def write(self, backends: dict, **more):
        self.replace(self.text(backends, **more))

    def replace(self, text: str):
        temporary = self.path.with_name(self.path.name + ".new")
        temporary.write_text(text)
        temporary.replace(self.path)


@pytest.fixture
def file(tmp_path, sink):
    return ConfigurationFile(tmp_path, sink)


def own(server, sessions=1, **more) -> dict:
    return {"url": server.url, "own_sessions": sessions, **more}


def reload(agent, expected: str = "reload ok"):
    """Sends SIGHUP and waits until it is said what came of it."""
    before = agent.stderr.count(expected)
    agent.signal(signal.SIGHUP)
    wait_until(lambda: agent.require_running() and agent.stderr.count(expected) > before, 10, expected, every=0.01)


def until_pinged(server, count=1):
    before = server.count("ping")
    wait_until(lambda: server.count("ping") >= before + count, 10, f"{count} pings")


def gaps(server, session) -> list[float]:
    """The seconds between the pings of a session, the first of which comes at a random moment."""
    times = [request.at for request in server.asked("ping", session)]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def test_backends_come_change_and_go_and_the_others_notice_nothing(file, scripted, sink, start_agent, tmp_path):
    kept, changed, moved, removed, added = (scripted() for _ in range(5))
    session = kept.open_session()
    write_sessions(tmp_path / "sessions.json", [attached("kept", session), attached("added", added.open_session())])
    # Without chance, so that the bounds on its gaps leave room for a server that notes a call late.
    steady = own(kept, jitter="0%")
    before = {"kept": steady, "changed": own(changed, interval="1m"), "removed": own(removed, 3)}
    file.write(before, sessions_file="sessions.json")
    agent = start_agent(file.path)
    until_pinged(kept, 4)
    wait_until(lambda: removed.count("ping") >= 3 and len(changed.sessions) == 1, 10, "all sessions are open")
    after = {"kept": steady, "changed": own(changed, 2, fallback_tool={"name": "peek"}), "added": own(added)}
    file.write(after, sessions_file="sessions.json")
    reload(agent, "reload ok: +1 ~1 -1 backends, 2 sessions untouched")
    wait_until(lambda: removed.count("DELETE") == 3, 10, "the sessions of the removed backend are closed")
    until_pinged(added, 4)
    until_pinged(changed, 4)
    wait_until(lambda: len(changed.sessions) == 2 and changed.count("initialize") == 2, 10, "one session more")
    assert len({request.session for request in added.asked("ping")}) == 2, "the one of the sessions file, too"
    until_pinged(kept, 4)
    for one in {request.session for request in kept.asked("ping")}:
        # An interval of 1 s, on a machine that has other things to do as well.
        assert 0.9 < min(gaps(kept, one)) <= max(gaps(kept, one)) < 1.9
    assert kept.count("initialize") == 1 and kept.count("DELETE") == 0
    quiet = wait_until_quiet(removed.count, 2, 10, "the removed backend")
    after["changed"] = own(moved, 2)
    file.write(after, sessions_file="sessions.json")
    reload(agent, "reload ok: +0 ~1 -0 backends, 4 sessions untouched")
    # The other server does not know the sessions, so that they are opened there.
    wait_until(lambda: len(moved.sessions) == 2, 20, "sessions on the other server")
    assert removed.count() == quiet and kept.count("initialize") == 1
    exports = len(sink.received("/v1/metrics"))
    wait_until(lambda: len(sink.received("/v1/metrics")) > exports + 2, 10, "the next export")
    last = str(sink.received("/v1/metrics")[-1])
    assert '"added"' in last and '"kept"' in last and '"removed"' not in last, "series of a removed backend are gone"
    assert agent.terminate(20)[0] == 0
    assert (kept.count("DELETE"), added.count("DELETE"), moved.count("DELETE")) == (1, 1, 2)


def test_a_file_with_mistakes_changes_nothing_and_is_told(file, scripted, sink, start_agent):
    server = scripted()
    file.write({"kept": own(server)})
    agent = start_agent(file.path)

    def success() -> list[int]:
        return [point.as_int for point in sink.points("keepalive_config_reload_success")]

    wait_until(lambda: success() == [1], 20, "the gauge is 1 from the start")
    until_pinged(server, 2)
    file.replace(file.text({"kept": own(server, interval="soon"), "other": {"urll": "x"}}))
    reload(agent, "reload rejected, still running the configuration of ")
    wait_until(lambda: success() == [0], 10, "the gauge is 0")
    errors = [line for line in agent.stderr.splitlines() if "mcp-keepalive.yaml:" in line]
    assert "problems in all" in errors[0] and len(errors) >= 4
    assert any("kept.interval" in line for line in errors[1:]) and any("urll" in line for line in errors[1:])
    until_pinged(server, 3)
    assert (server.count("initialize"), server.count("DELETE")) == (1, 0)
    assert agent.stderr.count("reload rejected") == 1, "not once more because the file is another one, too"
    file.write({"kept": own(server)})
    reload(agent, "reload ok: +0 ~0 -0 backends, 1 session untouched")
    wait_until(lambda: success() == [1], 10, "the gauge is 1 again")
    assert max(gaps(server, server.asked("ping")[0].session)) < 1.9


def test_a_changed_file_is_noticed_without_a_signal(file, scripted, start_agent):
    first, second = scripted(), scripted()
    file.write({"first": own(first)})
    agent = start_agent(file.path)
    until_pinged(first)
    # In place and in steps, as some editors do.
    text = file.text({"first": own(first), "second": own(second)})
    file.path.write_text(text[: len(text) // 2])
    wait_until(lambda: "reload rejected" in agent.stderr, 10, "half a file is no good")
    file.path.write_text(text)
    until_pinged(second)
    assert "reload ok: +1 ~0 -0 backends, 1 session untouched" in agent.stderr
    file.path.unlink()
    wait_until(lambda: agent.stderr.count("reload rejected") == 2, 10, "a file that is gone is told")
    until_pinged(first)
    assert agent.stderr.count("reload ok") == 1


def test_a_swapped_symlink_is_noticed(file, scripted, start_agent, tmp_path):
    """Kubernetes swaps a `..data` directory link: the file's own path never changes."""
    first, second = scripted(), scripted()
    for name, server in (("old", first), ("new", second)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file.path.name).write_text(file.text({name: own(server)}))
    (tmp_path / "..data").symlink_to("old")
    file.path.symlink_to(f"..data/{file.path.name}")
    agent = start_agent(file.path)
    until_pinged(first)
    (tmp_path / "..data_new").symlink_to("new")
    (tmp_path / "..data_new").replace(tmp_path / "..data")
    until_pinged(second)
    wait_until(lambda: first.count("DELETE") == 1, 10, "the session of the old file is closed")
    assert "reload ok: +1 ~0 -1 backends, 0 sessions untouched" in agent.stderr


def test_what_takes_a_restart_is_said(file, scripted, start_agent):
    server = scripted()
    file.write({"kept": own(server)})
    agent = start_agent(file.path)
    until_pinged(server)
    file.write({"kept": own(server)}, telemetry={"endpoint": "http://127.0.0.1:1"})
    reload(agent)
    assert "telemetry: changed; restart the agent to apply it" in agent.stderr


def test_many_reloads_leave_nothing_behind(file, scripted, sink, start_agent):
    kept, down, busy, other = (scripted() for _ in range(4))
    down.script = lambda request: Reply(500) if request.method == "ping" else None
    fixed = {
        "kept": own(kept),
        "down": own(down, failure_threshold=1, probe_after="2h"),
    }
    one = fixed | {"busy": own(busy, 2), "one": own(other)}
    two = fixed | {"busy": own(busy, 1, max_requests_in_flight=7), "two": own(other)}
    file.write(one)
    agent = start_agent(file.path)
    wait_until(lambda: "keepalive.backend.auto_disabled" in agent.stderr, 20, "the backend is disabled")
    until_pinged(kept)
    pings = down.count("ping")

    def descriptors() -> int:
        return len(os.listdir(f"/proc/{agent.popen.pid}/fd"))

    def threads() -> int:
        return len(os.listdir(f"/proc/{agent.popen.pid}/task"))

    def resident() -> int:
        return agent.memory_kibibytes("VmRSS")

    rest = None
    for number in range(1, RELOADS + 1):
        file.write(two if number % 2 else one)
        reload(agent, "reload ok: +1 ~1 -1 backends, 2 sessions untouched")
        if number == 40:
            wait_until_quiet(descriptors, 1, 20, "connections of backends that are gone")
            rest = descriptors(), threads(), resident()
    # Sessions that were closed meanwhile may still be on their way.
    wait_until(lambda: len(other.sessions) == 1 and len(busy.sessions) == 2, 30, "as many sessions as are configured")
    wait_until(lambda: descriptors() <= rest[0] + 4, 20, f"no more descriptors than the {rest[0]} before")
    assert threads() <= rest[1] + 2
    print(f"{RELOADS} reloads: {rest[2]} KiB after 40 of them, {resident()} KiB at the end")
    assert other.count("initialize") == RELOADS + 1 and kept.count("initialize") == 1
    assert max(gaps(kept, kept.asked("ping")[0].session)) < 1.9
    assert down.count("ping") == pings, "the breaker of an unchanged backend is as it was"
    wait_until(lambda: sink.values("keepalive_backend_disabled", "reason", backend="down")["http_5xx"] == 1, 10, "open")
    assert sink.total("keepalive_auto_disabled_total", backend="down") == 1
    assert sink.total("keepalive_reenabled_total", backend="down") == 0
    assert sink.total("keepalive_attempt_count", backend="kept") >= kept.count("ping") - 2
    assert agent.terminate(20)[0] == 0
    assert not other.sessions and not busy.sessions


def test_the_service_manager_hears_of_a_reload(file, scripted, start_agent, tmp_path):
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(10)
        server = scripted()
        file.write({"quiet": own(server, interval="5m")})
        agent = start_agent(file.path, NOTIFY_SOCKET=address, OTEL_SDK_DISABLED="true")
        assert manager.recv(4096).decode().startswith("READY=1\nSTATUS=")
        file.write({"quiet": own(server, interval="7m")})
        agent.signal(signal.SIGHUP)
        first, second, *rest = manager.recv(4096).decode().split("\n")
        assert first == "RELOADING=1" and not rest
        name, _, microseconds = second.partition("=")
        with open("/proc/uptime") as uptime:
            seconds = float(uptime.read().split()[0])
        assert name == "MONOTONIC_USEC" and seconds - 10 < int(microseconds) / 1e6 < seconds + 1
        assert "quiet (ping every 7m)" in manager.recv(4096).decode()
        file.replace("backends: [")
        # Without a signal nobody waits for the beginning, but what holds is said.
        messages = [manager.recv(4096).decode()]
        assert messages[-1].startswith("READY=1\nSTATUS=") and "quiet (ping every 7m)" in messages[-1]
        agent.signal(signal.SIGHUP)
        assert manager.recv(4096).decode().startswith("RELOADING=1\nMONOTONIC_USEC=")
        assert "quiet (ping every 7m)" in manager.recv(4096).decode()
