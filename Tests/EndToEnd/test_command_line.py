# SPDX-License-Identifier: Apache-2.0
"""The command line as a contract: verbs, exit codes, where things are printed, and what never is."""

import json
import os
import pty
import re
import signal
import subprocess

import pytest
from harness.agent import clean_environment, require_binary, run_command, write_configuration
from harness.faults import answers_with
from harness.processes import Process
from harness.real_server import RealServer
from harness.rotel import free_port
from harness.scripted import Reply
from harness.waiting import wait_until

OK, SOME_FAILED, USAGE, NO_INPUT, UNAVAILABLE, PROTOCOL, NO_PERMISSION, CONFIGURATION = 0, 1, 64, 66, 69, 76, 77, 78
VERBS = ["run", "check", "ping", "demo", "config", "explain", "completion", "version"]
LOGFMT_PAIR = re.compile(r'(?:^| )[A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)')


@pytest.fixture(scope="module")
def real_server(tmp_path_factory):
    server = RealServer("mcp-2.3.0-event-stream", tmp_path_factory.mktemp("real"), 60)
    try:
        yield server.wait_until_ready()
    finally:
        server.stop()


def configuration_for(directory, url, sink=None, **more):
    telemetry = f"telemetry: {{ endpoint: '{sink.url}', interval: 1s }}\n" if sink else ""
    extra = "".join(f"    {key}: {value}\n" for key, value in more.items())
    text = (
        f"version: 1\n{telemetry}defaults: {{ interval: 1s, timeout: 1s }}\nbackends:\n  db:\n    url: {url}\n{extra}"
    )
    return write_configuration(directory, text)


def test_version(tmp_path):
    done = run_command("version", cwd=tmp_path)
    assert done.returncode == OK and done.stderr == ""
    assert re.search(r"\b\d+\.\d+\.\d+\b", done.stdout)


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb(tmp_path, verb):
    done = run_command(verb, "--help", cwd=tmp_path)
    assert done.returncode == OK and done.stderr == ""
    assert "USAGE" in done.stdout and verb in done.stdout


def test_help_names_every_verb(tmp_path):
    done = run_command("--help", cwd=tmp_path)
    assert done.returncode == OK
    assert all(re.search(rf"^\s+{verb}\b", done.stdout, re.MULTILINE) for verb in VERBS)


@pytest.mark.parametrize("mistyped, meant", [("chek", "check"), ("rum", "run"), ("versoin", "version")])
def test_a_mistyped_verb_gets_a_suggestion(tmp_path, mistyped, meant):
    done = run_command(mistyped, cwd=tmp_path)
    assert done.returncode == USAGE and done.stdout == ""
    assert f"'{meant}'" in done.stderr


@pytest.mark.parametrize(
    "group, mistyped, meant",
    [
        ("sessions", "lst", "list"), ("backends", "prob", "probe"), ("config", "scema", "schema"),
        ("telemetry", "chekc", "check"),
    ],
)  # fmt: skip
def test_a_mistyped_verb_below_a_verb_gets_one_too(tmp_path, group, mistyped, meant):
    done = run_command(group, mistyped, cwd=tmp_path)
    assert done.returncode == USAGE and done.stdout == ""
    assert f"'{group}' has no verb '{mistyped}'; did you mean '{meant}'?" in done.stderr
    assert run_command(group, meant, "--help", cwd=tmp_path).returncode == OK


@pytest.mark.parametrize(
    "arguments", [["run", "--no-such-option"], ["run", "--api", "nowhere"], ["ping"], ["ping", "x", "-n", "many"]]
)
def test_wrong_usage(tmp_path, arguments):
    done = run_command(*arguments, cwd=tmp_path)
    assert done.returncode == USAGE and done.stdout == "" and done.stderr


@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_missing_file(tmp_path, verb):
    done = run_command(verb, "-c", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == NO_INPUT
    assert "nowhere.yaml" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["check", "-c", "broken.yaml"], ["check", "broken.yaml"], ["run", "-c", "broken.yaml"]]
)
def test_a_broken_file_is_explained_where_it_is_broken(tmp_path, arguments):
    text = """
    version: 1
    telemetry:
      compresion: gzip
    backends:
      db:
        url: http://127.0.0.1:1/mcp
        interval: 300
    """
    write_configuration(tmp_path, text, "broken.yaml")
    done = run_command(*arguments, cwd=tmp_path)
    assert done.returncode == CONFIGURATION
    said = done.stdout + done.stderr
    # All problems in one run, each with file, line and column, and what was probably meant.
    assert "broken.yaml:3:3" in said and "did you mean 'compression'?" in said
    assert "broken.yaml:7:15" in said


def test_a_good_file_passes(tmp_path):
    path = configuration_for(tmp_path, "http://127.0.0.1:1/mcp")
    assert run_command("check", "-c", path, cwd=tmp_path).returncode == OK
    assert run_command("check", cwd=tmp_path, MCP_KEEPALIVE_CONFIG=str(path)).returncode == OK
    # ./mcp-keepalive.yaml is found without being named.
    assert run_command("check", cwd=tmp_path).returncode == OK


def test_ping_of_a_real_server(tmp_path, real_server):
    before = len(real_server.journal())
    done = run_command("ping", real_server.url, "-n", "2", "--interval", "100ms", cwd=tmp_path)
    assert done.returncode == OK
    assert "2 sent, 2 ok, 0 failed" in done.stdout
    asked = real_server.journal()[before:]
    assert [entry["rpc"] for entry in asked if entry["rpc"] == "ping"] == ["ping"] * 2
    # It cleans up after itself, and does not print the id of the session that it opened.
    opened = [entry["issued"] for entry in asked if entry["rpc"] == "initialize"]
    assert [entry["session"] for entry in asked if entry["http"] == "DELETE"] == opened and len(opened) == 1
    assert opened[0] not in done.stdout + done.stderr


def test_ping_of_a_configured_backend_by_tool(tmp_path, real_server):
    configuration_for(tmp_path, real_server.url)
    before = len(real_server.journal())
    done = run_command("ping", "db", "-n", "1", "--tool", "peek", cwd=tmp_path)
    assert done.returncode == OK and "1 sent, 1 ok, 0 failed" in done.stdout
    assert [entry["tool"] for entry in real_server.journal()[before:] if entry["rpc"] == "tools/call"] == ["peek"]


def test_ping_with_failing_calls(tmp_path, scripted):
    server = scripted(lambda request: Reply(500) if request.method == "ping" else None)
    done = run_command("ping", server.url, "-n", "2", "--interval", "10ms", cwd=tmp_path)
    assert done.returncode == SOME_FAILED
    assert "2 sent, 0 ok, 2 failed" in done.stdout
    assert not server.sessions


def test_ping_of_a_closed_port(tmp_path):
    done = run_command("ping", f"http://127.0.0.1:{free_port()}/mcp", "-n", "1", cwd=tmp_path)
    assert done.returncode == UNAVAILABLE and done.stderr


@pytest.mark.parametrize(
    "status, code",
    [
        ("200 OK", PROTOCOL),
        ("404 Not Found", PROTOCOL),
        ("401 Unauthorized", NO_PERMISSION),
        ("403 Forbidden", NO_PERMISSION),
        ("503 Service Unavailable", UNAVAILABLE),
    ],
)
def test_ping_of_something_that_is_no_open_mcp_server(tmp_path, faulty, status, code):
    server = faulty(answers_with(status, "<html>hello</html>"))
    done = run_command("ping", server.url, "-n", "1", cwd=tmp_path)
    assert done.returncode == code and done.stderr


def test_check_live(tmp_path, real_server, sink):
    configuration_for(tmp_path, real_server.url, sink)
    done = run_command("check", "--live", cwd=tmp_path)
    assert done.returncode == OK
    assert "db" in done.stdout and sink.refused == []
    opened = real_server.opened_by("mcp-keepalive")
    deleted = [entry["session"] for entry in real_server.journal() if entry["http"] == "DELETE"]
    assert opened and set(opened) <= set(deleted), "check leaves no session behind"


@pytest.mark.parametrize("down", ["backend", "collector"])
def test_check_live_of_something_that_is_down(tmp_path, real_server, sink, down):
    path = configuration_for(tmp_path, real_server.url, sink)
    working = {"backend": real_server.url, "collector": sink.url}[down]
    path.write_text(path.read_text().replace(working, f"http://127.0.0.1:{free_port()}/mcp"))
    assert run_command("check", "--live", "-c", path, cwd=tmp_path).returncode == UNAVAILABLE


def run_for_a_moment(start_agent, directory, server, sink, *arguments):
    """A run with something to say: the backend fails until its breaker opens."""
    server.script = lambda request: Reply(500) if request.method == "ping" else None
    agent = start_agent(configuration_for(directory, server.url, sink, own_sessions=1), *arguments)
    wait_until(lambda: agent.require_running() and server.count("ping") >= 3, 20, "three pings")
    wait_until(lambda: sink.total("keepalive_auto_disabled_total"), 10, "the breaker has opened")
    assert agent.terminate()[0] == OK
    assert agent.stdout == "", "logs are talk: they go to stderr"
    return agent.stderr.splitlines()


def test_logs_on_a_pipe_are_logfmt(tmp_path, start_agent, scripted, sink):
    lines = run_for_a_moment(start_agent, tmp_path, scripted(), sink)
    assert lines
    for line in lines:
        assert LOGFMT_PAIR.sub("", line).strip() == "", f"not logfmt: {line}"
    assert any("level=warning" in line or "level=warn" in line for line in lines)


def test_logs_as_json(tmp_path, start_agent, scripted, sink):
    lines = run_for_a_moment(start_agent, tmp_path, scripted(), sink, "--log-format", "json")
    records = [json.loads(line) for line in lines]
    disabled = [record for record in records if "trace_id" in record]
    assert disabled, "the opened breaker is correlated with its trace"
    assert all(re.fullmatch("[0-9a-f]{32}", record["trace_id"]) for record in disabled)
    assert all(re.fullmatch("[0-9a-f]{16}", record["span_id"]) for record in disabled)


def test_configuration_warnings_are_log_lines_too(tmp_path, start_agent, scripted, sink):
    server = scripted()
    path = configuration_for(tmp_path, server.url, sink, own_sessions=1, timeout="10s")
    agent = start_agent(path, "--log-format", "json")
    wait_until(lambda: agent.require_running() and server.count("ping") >= 1, 20, "a ping")
    assert agent.terminate()[0] == OK
    records = [json.loads(line) for line in agent.stderr.splitlines()]
    assert any("timeout" in record["msg"] for record in records if record["level"] == "warning")


def test_logs_on_a_terminal_are_for_people(tmp_path, scripted, sink, cleanup):
    server = scripted()
    path = configuration_for(tmp_path, server.url, sink, own_sessions=1)
    outer, inner = pty.openpty()
    cleanup.callback(os.close, outer)
    environment = clean_environment(TERM="xterm")
    process = Process([require_binary(), "version"], tmp_path, "warm-up", environment)
    assert process.wait(20)[0] == OK
    agent = subprocess.Popen(
        [require_binary(), "run", "-c", path], stdin=subprocess.DEVNULL, stdout=inner, stderr=inner, env=environment
    )
    os.close(inner)
    try:
        wait_until(lambda: server.count("ping") >= 1, 20, "a ping")
        agent.send_signal(signal.SIGTERM)
        assert agent.wait(10) == OK
    finally:
        if agent.poll() is None:
            agent.kill()
            agent.wait()
    shown = b""
    while True:
        try:
            chunk = os.read(outer, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    assert shown and b"level=" not in shown and not shown.startswith(b"{")
