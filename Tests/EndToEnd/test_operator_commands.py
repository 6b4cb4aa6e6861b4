# SPDX-License-Identifier: Apache-2.0
"""The commands for operators, against an agent that only pretends: what is asked, what is shown, how it fails."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from harness.agent import clean_environment, require_binary, run_command, write_configuration
from harness.fake_agent import HANG, FakeAgent, at, backend, session
from harness.loopback import Handler, Loopback
from harness.processes import Process
from harness.terminal import Terminal
from harness.tools import load_script
from harness.waiting import wait_until

OK, SOME_FAILED, USAGE, NO_INPUT, UNAVAILABLE, PROTOCOL, NO_PERMISSION, CONFIGURATION = 0, 1, 64, 66, 69, 76, 77, 78
#: A command line for each verb that asks the agent once, and what it asks.
VERBS = {
    "status --exit-zero": ("GET", "/v1/status"),
    "top -n 1": ("GET", "/v1/status"),
    "sessions list": ("GET", "/v1/sessions?limit=1000"),
    "sessions show playwright alice": ("GET", "/v1/backends/playwright/sessions/alice"),
    "sessions release playwright alice": ("DELETE", "/v1/backends/playwright/sessions/alice"),
    "backends list": ("GET", "/v1/backends"),
    "backends probe playwright": ("POST", "/v1/backends/playwright/probe"),
    "backends enable editor": ("POST", "/v1/backends/editor/enable"),
    "backends disable playwright": ("POST", "/v1/backends/playwright/disable"),
    "reload": ("POST", "/v1/reload"),
}
NAMES = ["playwright", "warehouse-db", "editor", "search"]


@pytest.fixture
def short_path():
    """A folder whose name leaves room: the path of a socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="mk") as folder:
        yield Path(folder)


@pytest.fixture
def agent(cleanup, short_path):
    agent = FakeAgent(short_path / "api.sock")
    cleanup.callback(agent.stop)
    return agent


@pytest.fixture
def ask(agent, tmp_path):
    """Runs a command line against the agent."""
    return lambda line, **environment: run_command(*line.split(), "--api", agent.path, cwd=tmp_path, **environment)


@pytest.fixture
def open_terminal(cleanup, agent, tmp_path):
    """Runs a command line on a terminal."""

    def open_it(line: str, columns: int = 80, rows: int = 24, **environment):
        command = [require_binary(), *line.split(), "--api", agent.path]
        terminal = Terminal(command, tmp_path, clean_environment(**environment), columns, rows)
        cleanup.callback(terminal.stop)
        return terminal

    return open_it


def failure(done) -> dict:
    """The one line of a failure for programs."""
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return json.loads(line)["error"]


# Every verb


@pytest.mark.parametrize("line", VERBS)
def test_each_verb_asks_the_agent_once(ask, agent, line):
    done = ask(line)
    assert done.returncode == OK and done.stderr == ""
    assert [request[:2] for request in agent.requests] == [VERBS[line]]
    assert done.stdout.strip() and "\x1b" not in done.stdout


@pytest.mark.parametrize("line", VERBS)
def test_each_verb_can_speak_json(ask, line):
    done = ask(f"{line} --output json")
    assert done.returncode == OK and done.stderr == ""
    assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("verb", ["status", "top", "tail", "sessions", "backends", "reload"])
def test_help_of_each_verb(tmp_path, verb):
    done = run_command(verb, "--help", cwd=tmp_path)
    assert done.returncode == OK and done.stderr == "" and "USAGE" in done.stdout
    overview = run_command("--help", cwd=tmp_path).stdout
    assert re.search(rf"^\s+{verb}\b", overview, re.MULTILINE)


@pytest.mark.parametrize("line", [*VERBS, "tail", "status --watch"])
def test_without_an_agent_each_verb_says_where_it_looked(tmp_path, short_path, line):
    (short_path / "mcp-keepalive").mkdir()
    done = run_command(*line.split(), cwd=tmp_path, XDG_RUNTIME_DIR=str(short_path))
    assert done.returncode == UNAVAILABLE and done.stdout == ""
    assert f"{short_path}/mcp-keepalive/api.sock, /run/mcp-keepalive/api.sock" in done.stderr
    reads = VERBS.get(line, ("GET", ""))[0] == "GET"
    assert ("127.0.0.1:7464" in done.stderr) == reads
    assert "mcp-keepalive run" in done.stderr


@pytest.mark.parametrize("line", [*VERBS, "tail", "status --watch"])
def test_whoever_may_not_is_told_what_to_do(ask, agent, line):
    agent.refuse = (403, "peer_not_allowed", "user 1000 may not use this socket")
    done = ask(line)
    assert done.returncode == NO_PERMISSION and done.stdout == ""
    assert "user 1000 may not" in done.stderr and "group" in done.stderr
    told = failure(ask(f"{line} --output json"))
    assert told["code"] == "peer_not_allowed" and "group" in told["help"]


@pytest.mark.parametrize("line", [*VERBS, "tail", "status --watch"])
def test_an_agent_that_hangs_is_not_waited_for_without_end(ask, agent, line):
    agent.refuse = HANG
    done = ask(f"{line} --timeout 300ms --output json")
    assert done.returncode == UNAVAILABLE
    told = failure(done)
    assert told["code"] == "agent_timeout" and "within 300ms" in told["message"]


# Finding the agent


def test_the_system_may_refuse_the_socket(agent, short_path):
    """The socket's mode keeps other users away; root is nobody's other user, so that it asks as nobody."""
    other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    short_path.chmod(0o755)
    agent.path.chmod(0o600 if other else 0)
    binary = require_binary()
    if other and subprocess.run(["test", "-x", binary], **other).returncode != 0:
        binary = shutil.copy(binary, short_path)
    done = subprocess.run(
        [binary, "status", "--api", agent.path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=short_path,
        env=clean_environment(),
        **other,
    )
    assert (done.returncode, done.stdout) == (NO_PERMISSION, ""), done.stderr
    assert "permission denied" in done.stderr and "group" in done.stderr and agent.requests == []


def test_the_agent_is_found_in_this_order(agent, tmp_path, short_path):
    """The option, the variable, the configuration, the user's folder: whichever has nobody is not the agent's."""
    nobody = str(short_path / "nobody.sock")
    write_configuration(tmp_path, f"version: 1\napi: {{ socket: {agent.path} }}\nbackends: {{}}\n")
    assert run_command("status", "--exit-zero", cwd=tmp_path, MCP_KEEPALIVE_API="").returncode == OK
    assert run_command("status", cwd=tmp_path, MCP_KEEPALIVE_API=nobody).returncode == UNAVAILABLE
    found = run_command("status", "--exit-zero", "--api", agent.path, cwd=tmp_path, MCP_KEEPALIVE_API=nobody)
    assert found.returncode == OK
    named = run_command("status", "--api", nobody, cwd=tmp_path, MCP_KEEPALIVE_API=str(agent.path))
    assert named.returncode == UNAVAILABLE and "the address of --api" in named.stderr


def test_the_folder_of_the_user_is_looked_into(cleanup, tmp_path, short_path):
    (short_path / "mcp-keepalive").mkdir()
    agent = FakeAgent(short_path / "mcp-keepalive" / "api.sock")
    cleanup.callback(agent.stop)
    assert run_command("reload", cwd=tmp_path, XDG_RUNTIME_DIR=str(short_path)).returncode == OK


def test_a_configuration_with_errors_is_named_when_nobody_is_found(tmp_path):
    path = write_configuration(tmp_path, "version: 1\napi: { socket: ${env:NOT_SET_ANYWHERE} }\nbackends: {}\n")
    done = run_command("reload", "-c", path, cwd=tmp_path)
    assert done.returncode == UNAVAILABLE and f"{path} has errors, so its api.socket is not known" in done.stderr
    missing = run_command("reload", "-c", "not-there.yaml", cwd=tmp_path)
    assert missing.returncode == NO_INPUT and "not-there.yaml" in missing.stderr


def test_a_listener_gets_the_token_of_the_file(cleanup, tmp_path):
    seen = []

    class Listener(Handler):
        def do_GET(self):
            seen.append(self.headers["authorization"])
            self.answer(200, "application/json", b'{"backends": []}')

    listener = Loopback(Listener)
    cleanup.callback(listener.stop)
    (tmp_path / "token").write_text("a-token-7\n")
    address = f"127.0.0.1:{listener.port}"
    done = run_command("backends", "list", "--api", address, "--token-file", "token", cwd=tmp_path)
    assert done.returncode == OK and seen == ["Bearer a-token-7"]
    (tmp_path / "token").write_text("two lines\nX-Other: header\n")
    done = run_command("backends", "list", "--api", address, "--token-file", "token", cwd=tmp_path)
    assert done.returncode == USAGE and "two lines" not in done.stderr and len(seen) == 1
    done = run_command("backends", "list", "--api", address, "--token-file", "no-file", cwd=tmp_path)
    assert done.returncode == NO_INPUT


@pytest.mark.parametrize("answer", [b"<html>hello</html>", (404, "something_else", "what?")])
def test_something_else_on_the_socket_is_not_taken_for_the_agent(ask, agent, answer):
    agent.refuse = answer
    assert ask("status").returncode == PROTOCOL
    assert failure(ask("reload --output json"))["code"] == "not_the_agent"


@pytest.mark.parametrize(
    "line", ["status --api nonsense", "backends disable editor --for 30", "backends disable editor --for 31d"]
)
def test_a_wrong_command_line_is_told_before_anybody_is_asked(tmp_path, line):
    assert run_command(*line.split(), cwd=tmp_path).returncode == USAGE
    assert failure(run_command(*line.split(), "--output", "json", cwd=tmp_path))["code"]


# status


def test_status_tells_the_whole_in_a_few_lines(ask):
    done = ask("status")
    assert done.returncode == SOME_FAILED
    lines = done.stdout.splitlines()
    assert re.fullmatch(
        r"mcp-keepalive 0\.1\.0 · up 2h 14m · config ok \(12m ago\) · otlp ok \(\d+s ago, 0 dropped\) · state ok",
        lines[0],
    )
    assert lines[1].split()[:3] == ["BACKEND", "URL", "METHOD"]
    assert [line.split()[0] for line in lines[2:] if line.split()[0] in NAMES] == NAMES
    assert re.search(r"warehouse-db .* DISABLED +3 +18/21 .* probe in 9m +\(timeout ×3\)", done.stdout)


def test_status_fails_while_a_backend_is_disabled(ask, agent):
    assert ask("status --exit-zero").returncode == OK
    for state, code in [("active", OK), ("off", OK), ("paused", OK), ("disabled", 1), ("held_by_operator", 1)]:
        agent.backends = [backend("db", state)]
        assert ask("status").returncode == code, state
        assert ask("status --output json").returncode == code, state


def test_status_watch_shows_it_again_and_again(cleanup, agent, tmp_path):
    command = [require_binary(), "status", "--watch", "--interval", "100ms", "--api", agent.path]
    watch = Process(command, tmp_path, "watch", clean_environment())
    cleanup.callback(watch.stop)
    wait_until(lambda: watch.stdout.count("mcp-keepalive 0.1.0") >= 3, 20, "three looks")
    agent.stop()
    wait_until(lambda: "no agent is running" in watch.stderr, 20, "a word that the agent is gone")
    agent.version = "0.1.1"
    agent.start()
    wait_until(lambda: "mcp-keepalive 0.1.1" in watch.stdout, 20, "the agent again")


def test_status_watch_stays_in_its_place_on_a_terminal(open_terminal, agent):
    terminal = open_terminal("status --watch --interval 100ms")
    wait_until(lambda: len(agent.requests) >= 3 and "warehouse-db" in terminal.text, 20, "three looks")
    assert terminal.text.count("mcp-keepalive 0.1.0") == 1
    agent.backends = [backend("db")]
    wait_until(lambda: "warehouse-db" not in terminal.text, 20, "the lines of before to be gone")


def test_names_of_others_do_not_command_the_terminal(ask, agent):
    agent.backends[1]["reason"] = "bad\x1b[2J\nthing"
    agent.sessions = [session("playwright", "al\x1bice")]
    for line in ("status", "top -n 1", "sessions list", "backends list"):
        done = ask(line)
        assert "\x1b" not in done.stdout
    assert "bad·[2J·thing" in ask("status").stdout


# sessions, backends, reload


def test_sessions_of_all_pages_are_listed(ask, agent):
    agent.sessions = [session("playwright", f"user-{number}") for number in range(25)] + [session("editor")]
    agent.pages = 10
    lines = ask("sessions list").stdout.splitlines()
    assert len(lines) == 27 and lines[0].split()[:2] == ["BACKEND", "KEY"]
    assert [request[1] for request in agent.requests][1:] == [
        "/v1/sessions?after=10&limit=1000",
        "/v1/sessions?after=20&limit=1000",
    ]
    listed = json.loads(ask("sessions list --backend editor --output json").stdout)
    assert [entry["backend"] for entry in listed["sessions"]] == ["editor"] and "next" not in listed


def test_a_session_is_shown_and_released(ask, agent):
    agent.sessions.append(session("playwright", "a/b c", next_keepalive=at(60)))
    shown = run_command("sessions", "show", "playwright", "a/b c", "--api", agent.path, cwd=agent.path.parent)
    assert shown.returncode == OK and "registered through the local API" in shown.stdout
    released = ask("sessions release playwright alice")
    assert released.returncode == OK and "alice is released" in released.stdout
    again = ask("sessions release playwright alice --output json")
    assert again.returncode == SOME_FAILED and failure(again)["code"] == "no_such_session"
    unknown = ask("sessions show playwrite alice")
    assert unknown.returncode == USAGE and "backends list" in unknown.stderr


def test_a_probe_tells_what_came_of_it(ask, agent):
    assert "answered in 2.4ms" in ask("backends probe playwright").stdout
    agent.probe = {"succeeded": False, "reason": "timeout", "latency_ms": 10000.0}
    failed = ask("backends probe warehouse-db")
    assert failed.returncode == SOME_FAILED and "failed: timeout after 10s" in failed.stdout
    agent.probe = {}
    assert ask("backends probe playwright").returncode == SOME_FAILED
    off = ask("backends probe search")
    assert off.returncode == SOME_FAILED and "keepalive is off" in off.stderr


def test_a_backend_is_disabled_for_a_while_or_until_it_is_enabled(ask, agent):
    path = "/v1/backends/playwright/disable"
    assert "for 30m" in ask("backends disable playwright --for 30m").stdout
    assert "until somebody enables it" in ask("backends disable playwright").stdout
    assert "for 2s" in ask("backends disable playwright --for 1500ms").stdout
    assert [body and json.loads(body) for body in agent.asked("POST", path)] == [
        {"for_seconds": 1800},
        b"",
        {"for_seconds": 2},
    ]
    assert "keepalive is active" in ask("backends enable playwright").stdout


def test_a_reload_tells_what_changed_or_that_nothing_did(ask, agent):
    agent.reload_warnings = ["telemetry: takes a restart"]
    done = ask("reload")
    assert done.stdout.splitlines()[0] == "reload ok: +1 ~1 -0 backends, 15 sessions untouched"
    assert done.returncode == OK and done.stderr == "warning: telemetry: takes a restart\n"
    agent.reload_problem = (422, "configuration_invalid", "line 3: unknown key 'compresion'")
    rejected = ask("reload")
    assert rejected.returncode == CONFIGURATION and rejected.stdout == ""
    assert "unknown key 'compresion'" in rejected.stderr and "still in force" in rejected.stderr


# tail


@pytest.fixture
def start_tail(cleanup, agent, tmp_path):
    def start(*options: str):
        command = [require_binary(), "tail", "--api", agent.path, *options]
        tail = Process(command, tmp_path, "tail", clean_environment())
        cleanup.callback(tail.stop)
        wait_until(lambda: agent.streams and tail.require_running(), 20, "somebody who follows")
        return tail

    return start


def test_tail_shows_a_line_per_event(agent, start_tail):
    tail = start_tail()
    agent.emit("keepalive", "playwright", method="ping", latency_ms=2.4, session="4c1e88aa")
    agent.emit("keepalive", "warehouse-db", method="ping", reason="timeout")
    agent.emit("disabled", "warehouse-db", "1", reason="timeout")
    lines = wait_until(lambda: tail.stdout.count("\n") == 3 and tail.stdout.splitlines(), 20, "three lines")
    assert re.fullmatch(r"[\d:.]{12}  keepalive  playwright +ok +2\.4ms  ping  #4c1e88aa", lines[0])
    assert (
        lines[1].endswith("ping") and "timeout" in lines[1] and re.search(r"DISABLED +warehouse-db +timeout$", lines[2])
    )
    assert tail.terminate()[0] == -signal.SIGTERM


def test_tail_of_one_backend_and_as_json(agent, start_tail):
    tail = start_tail("--backend", "warehouse-db", "--output", "json")
    agent.emit("keepalive", "playwright", method="ping")
    agent.emit("lost", "warehouse-db", "7", reason="session_expired", of_a_later_version=1)
    event = json.loads(wait_until(lambda: tail.stdout.endswith("\n") and tail.stdout, 20, "a line"))
    assert event["backend"] == "warehouse-db" and event["of_a_later_version"] == 1


def test_tail_of_a_backend_that_is_not_there(ask):
    done = ask("tail --backend playwrite")
    assert done.returncode == USAGE and "did you mean 'playwright'" in done.stderr


def test_tail_goes_on_where_it_was(agent, start_tail):
    tail = start_tail()
    agent.emit("disabled", "warehouse-db", "1", reason="timeout")
    agent.emit("keepalive", "playwright", method="ping")
    wait_until(lambda: tail.stdout.count("\n") == 2, 20, "two lines")
    agent.stop()
    wait_until(lambda: "waiting for it" in tail.stderr, 20, "a word that the agent is gone")
    agent.emit("enabled", "warehouse-db", "2")
    agent.start()
    wait_until(lambda: tail.stdout.count("\n") == 3, 20, "what happened meanwhile")
    assert agent.resumed == [None, "1"] and "enabled" in tail.stdout.splitlines()[2]
    assert "is back" in tail.stderr


def test_tail_ends_when_nobody_reads_any_more(agent, tmp_path):
    tail = subprocess.Popen(
        [require_binary(), "tail", "--api", agent.path], stdout=subprocess.PIPE, env=clean_environment(), cwd=tmp_path
    )
    try:
        wait_until(lambda: agent.streams, 20, "somebody who follows")
        agent.emit("keepalive", "playwright", method="ping")
        assert tail.stdout.readline()
        tail.stdout.close()
        agent.emit("keepalive", "playwright", method="ping")
        assert tail.wait(20) == OK
    finally:
        if tail.poll() is None:
            tail.kill()
        tail.wait()


# top


@pytest.fixture
def top(open_terminal):
    def start(columns: int = 80, rows: int = 24):
        terminal = open_terminal("top --interval 100ms", columns, rows)
        # The rates need a second look.
        wait_until(lambda: "/MIN" in terminal.text, 20, "the table")
        return terminal

    return start


def selected(terminal) -> str:
    return next(line.split()[1] for line in terminal.lines if line.startswith("▸ "))


def test_top_fits_80_by_24(top, agent):
    terminal = top()
    agent.emit("disabled", "warehouse-db", "1", reason="timeout")
    wait_until(
        lambda: "CHANGES" in terminal.text and re.search(r"DISABLED +warehouse-db", terminal.text), 20, "a change"
    )
    lines = terminal.lines
    assert lines[0].startswith("mcp-keepalive 0.1.0 · up 2h 14m") and lines[1].startswith("5 backends · 2 active")
    assert lines[3].split()[:3] == ["BACKEND", "STATE", "/MIN"] and lines[4].startswith("▸ warehouse-db  DISABLED")
    assert lines[21].startswith("warehouse-db · DISABLED · timeout ×3") and lines[23].startswith("q quit  ↑↓ select")
    assert "URL" not in lines[3] and terminal.grid.modes == {"?1049": True, "?25": False, "?7": False}


def test_top_uses_the_room_of_200_by_50(top, agent):
    agent.backends += [backend(f"more-{number:02d}") for number in range(60)]
    terminal = top(200, 50)
    lines = terminal.lines
    assert "FAILURES" in lines[3] and lines[3].endswith("URL") and "http_5xx ×30, timeout ×10" in terminal.text
    assert len([line for line in lines if "more-" in line]) == 39
    terminal.press("G")
    wait_until(lambda: "▸ " in terminal.text and selected(terminal) == "search", 20, "the last line")


def test_top_follows_the_size_of_the_terminal(top):
    terminal = top()
    terminal.resize(200, 50)
    wait_until(lambda: terminal.lines[49].startswith("q quit") and "URL" in terminal.text, 20, "the larger screen")
    terminal.resize(60, 12)
    wait_until(lambda: terminal.lines[11].startswith("q quit"), 20, "the smaller screen")


def in_order(terminal) -> bool:
    names = [line.lstrip("▸ ").split()[0] for line in terminal.lines[4:9]]
    return len(set(names)) == 5 and names == sorted(names)


def test_keys_of_top_act_on_the_selected_backend(top, agent):
    terminal = top()
    terminal.press("jj")
    wait_until(lambda: selected(terminal).startswith("notebooks"), 20, "the third line")
    terminal.press("\x1b[A\x1b[Ak")
    wait_until(lambda: selected(terminal) == "warehouse-db", 20, "the first line")
    terminal.press("p")
    wait_until(lambda: "warehouse-db: answered in 2.4ms" in terminal.text, 20, "what came of the probe")
    terminal.press("j")
    terminal.press("e")
    wait_until(lambda: "editor: keepalive is active" in terminal.text, 20, "what came of enabling")
    terminal.press("d")
    wait_until(lambda: "disable its keepalive until somebody enables it? y/n" in terminal.text, 20, "a question")
    terminal.press("n")
    wait_until(lambda: "left as it is" in terminal.text, 20, "nothing to happen")
    assert agent.asked("POST", "/v1/backends/editor/disable") == []
    terminal.press("dy")
    wait_until(lambda: "keepalive is disabled until" in terminal.text, 20, "what came of disabling")
    assert agent.asked("POST", "/v1/backends/editor/disable") == [b""]
    terminal.press("s")
    wait_until(lambda: "sort: name" in terminal.text and in_order(terminal), 20, "another order")
    terminal.press("?")
    wait_until(lambda: "disable its keepalive, after a question" in terminal.text, 20, "the help")


def test_top_says_when_the_agent_is_gone_and_goes_on_when_it_is_back(top, agent):
    terminal = top()
    agent.stop()
    wait_until(lambda: "! no answer, this is from" in terminal.text, 20, "a word that this is old")
    assert "warehouse-db" in terminal.text
    agent.start()
    wait_until(lambda: "! no answer" not in terminal.text, 20, "the agent again")


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (lambda terminal: terminal.press("q"), 0),
        (lambda terminal: terminal.press("?q"), 0),
        (lambda terminal: terminal.press("\x03"), 0),
        (lambda terminal: terminal.popen.send_signal(signal.SIGTERM), 128 + signal.SIGTERM),
        (lambda terminal: terminal.popen.send_signal(signal.SIGINT), 128 + signal.SIGINT),
        (lambda terminal: terminal.popen.send_signal(signal.SIGHUP), 128 + signal.SIGHUP),
    ],
    ids=["q", "q in the help", "Ctrl-C", "SIGTERM", "SIGINT", "SIGHUP"],
)
def test_top_leaves_the_terminal_as_it_was(top, leave, code):
    terminal = top()
    assert not terminal.is_restored()
    leave(terminal)
    assert terminal.popen.wait(20) == code
    wait_until(terminal.is_restored, 20, "the terminal as it was")
    assert terminal.text.strip() == ""


def test_top_ends_with_its_terminal(top):
    terminal = top()
    terminal.close()
    assert terminal.popen.wait(20) in (OK, 128 + signal.SIGHUP)


def test_top_without_an_agent_leaves_the_terminal_alone(open_terminal, agent):
    agent.stop()
    terminal = open_terminal("top")
    assert terminal.popen.wait(20) == UNAVAILABLE
    wait_until(lambda: "no agent is running here" in terminal.text, 20, "a word about it")
    assert terminal.is_restored() and "\x1b[?1049h" not in terminal.raw


def test_top_into_a_pipe_is_a_table_per_look(ask):
    done = ask("top -n 2 --interval 100ms")
    assert done.returncode == OK and "\x1b" not in done.stdout
    first, second = done.stdout.split("\n\n")
    assert first.splitlines()[2].split()[:3] == ["BACKEND", "STATE", "OK"]
    assert second.splitlines()[2].split()[:3] == ["BACKEND", "STATE", "/MIN"]


def test_colors_are_for_terminals_and_only_where_they_are_wanted(open_terminal, agent, ask):
    for environment, colored in [({}, True), ({"NO_COLOR": "1"}, False)]:
        terminal = open_terminal("status", **environment)
        assert terminal.popen.wait(20) == SOME_FAILED
        wait_until(lambda terminal=terminal: "search" in terminal.text, 20, "the table")
        assert ("\x1b[1;31mDISABLED" in terminal.raw) == colored
    assert "\x1b[1;31mDISABLED" in ask("status", CLICOLOR_FORCE="1").stdout


def test_the_screens_of_the_page_can_be_taken(agent, monkeypatch):
    monkeypatch.chdir(agent.path.parent)
    screens = load_script("screens")
    lines = screens.capture(["--api", str(agent.path)], 80, 24)
    assert len(lines) == 24 and "/MIN" in lines[3]
    page = screens.DOCUMENT.read_text()
    for kind in ("stand-in", "running agent"):
        for columns, rows in screens.SIZES:
            assert f"{kind}!" in screens.put(page, f"{kind} {columns}x{rows}", f"{kind}!")
