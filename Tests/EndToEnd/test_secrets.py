# SPDX-License-Identifier: Apache-2.0
"""Secrets in every place that takes one, backends that say them back, and everything that the agent can be asked.

What is said is looked through where the harness captures it (`harness/canaries.py`), in every test; here is the agent
that has all of them.
"""

import gzip
import http.client
import json
import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from harness import audit, canaries
from harness.agent import Agent, attached, require_binary, run_command, write_sessions
from harness.canaries import secret
from harness.certificates import Authority
from harness.fault_collector import TRACES, FaultCollector, answers
from harness.local_api import LocalApi
from harness.processes import Process
from harness.rotel import free_port
from harness.scripted import CLOSE, Reply, Request, rpc_error, tool_error
from harness.waiting import wait_until

KEEPALIVES = ("ping", "tools/call")


def echo(request: Request) -> str:
    """All that a server has been told."""
    return json.dumps({"headers": request.headers, "message": request.message})


def reply(request: Request, status: int, content_type: str = "application/json", **headers: str) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()} | {"x-echo": echo(request)}
    return Reply(status, echo(request).encode(), content_type, told)


#: What each backend answers to a keepalive.
ANSWERS = {
    "fine": lambda request: None,
    "unauthorized": lambda request: reply(request, 401, www_authenticate=f"Bearer realm={echo(request)}"),
    "forbidden": lambda request: reply(request, 403),
    "lost": lambda request: rpc_error(request, -32001, f"Session not found: {echo(request)}", 404),
    "missing": lambda request: reply(request, 404, "text/plain"),
    "broken": lambda request: reply(request, 500),
    "away": lambda request: reply(request, 503, retry_after=request.session),
    "hurried": lambda request: reply(request, 429, retry_after=request.session),
    "odd": lambda request: reply(request, 200, echo(request)),
    "webpage": lambda request: reply(request, 200, "text/html", mcp_session_id=request.session),
    "other": lambda request: reply(request, 200),
    "streaming": lambda request: reply(request, 200, "text/event-stream"),
    "refusing": lambda request: rpc_error(request, -32000, echo(request)),
    "unknowing": lambda request: rpc_error(request, -32601, echo(request)),
    "redirecting": lambda request: reply(request, 302, location=f"http://127.0.0.1:1/{request.session}"),
    "handling": lambda request: tool_error(request, echo(request)),
    "closing": lambda request: CLOSE,
}


class Secrets:
    """One for each place, by its name."""

    def __init__(self):
        self.all: dict[str, str] = {}

    def __getitem__(self, place: str) -> str:
        return self.all.setdefault(place, secret(place))


class Story:
    def __init__(self, directory: Path, scripted, endpoint: str):
        self.directory, self.secrets = directory, Secrets()
        self.servers = {name: scripted(self.script(answer)) for name, answer in ANSWERS.items()}
        self.unopened = scripted(lambda request: reply(request, 500))
        self.socket, self.path = directory / "api.sock", directory / "mcp-keepalive.yaml"
        self.read_only, self.writable = free_port(), free_port()
        self.environment = {"TOKEN": self.secrets["environment"], "MCP_KEEPALIVE_API": ""}
        for name in ("file", "token", "collector-file", "entry-file", "registration-file"):
            self.write_secret(name)
        authority = Authority(directory)
        identity = authority.issue("client")
        for line in identity.key.read_text().splitlines()[1:-1]:
            canaries.know(line)
        self.endpoint = endpoint
        self.write(self.configuration())

    @staticmethod
    def script(answer):
        return lambda request: answer(request) if request.method in KEEPALIVES else None

    def write_secret(self, name: str):
        path = self.directory / name
        path.write_text(self.secrets[name] + "\n")
        path.chmod(0o600)

    def write(self, text: str):
        self.path.with_suffix(".new").write_text(text)
        self.path.with_suffix(".new").replace(self.path)

    def configuration(self) -> str:
        mine = self.secrets
        headers = {"authorization": "Bearer ${env:TOKEN}", "x-file": "${file:file}", "x-literal": mine["literal"]}
        headers["x-default"] = "${env:NONE:-" + mine["default"] + "}"
        backends = {
            name: {"url": f"{server.url}?key={mine['query']}", "headers": headers}
            for name, server in self.servers.items()
        }
        backends["handling"]["keepalive_method"] = "tool:peek"
        backends["handling"]["tool_arguments"] = {"handle": mine["argument"], "deep": [{"x": "${env:TOKEN}"}]}
        backends["refusing"]["fallback_tool"] = {"name": "peek", "arguments": {"handle": mine["fallback"]}}
        for name in ("fine", "broken", "lost"):
            backends[name]["own_sessions"] = 1
        backends["unopened"] = {"url": self.unopened.url, "headers": headers, "own_sessions": 1}
        tls = {"ca_file": "authority.pem", "client_certificate_file": "client.pem", "client_key_file": "client.key"}
        plain = self.servers["fine"].url.replace("http:", "https:")
        backends["encrypted"] = {"url": plain, "headers": headers, "own_sessions": 1, "tls": tls}
        defaults = {"interval": "1s", "jitter": "0%", "timeout": "500ms", "probe_after": "1s", "failure_threshold": 2}
        collector_headers = {"authorization": "Bearer ${file:collector-file}", "x-literal": mine["collector-literal"]}
        telemetry = {"endpoint": self.endpoint, "interval": "500ms", "headers": collector_headers}
        telemetry["spool"] = {"directory": "spool"}
        webhook = {"url": f"http://127.0.0.1:1/?key={mine['webhook-query']}", "headers": {"x": mine["webhook-header"]}}
        api = {"listen": f"127.0.0.1:{self.read_only}", "socket": "api.sock", "webhook": webhook}
        api["writable"] = {"listen": f"127.0.0.1:{self.writable}", "token_file": "token"}
        document = {"version": 1, "state_dir": "state", "sessions_file": "sessions.json", "telemetry": telemetry}
        return json.dumps(document | {"api": api, "defaults": defaults, "backends": backends}, indent=1)

    def list_sessions(self):
        """One for every second backend; mistakes follow."""
        mine = self.secrets
        headers = {"x-entry": "${file:entry-file}", "x-entry-literal": mine["entry-literal"]}
        names = list(self.servers)[::2]
        good = [attached(name, self.servers[name].open_session(), headers=headers) for name in names]
        broken = [
            attached("fine", "a blank in " + mine["bad-id"]),
            attached("fine", mine["bad-entry"], expires_at=mine["bad-time"]),
            attached("fine", mine["bad-entry"], headers={"x": [mine["bad-header"]]}),
            attached("fine", mine["bad-entry"], headers={"x": "${env:NONE}" + mine["bad-reference"]}),
            {"backend": "fine", "session": mine["bad-key"]},
            [mine["bad-shape"]],
            good[0],
        ]
        write_sessions(self.directory / "sessions.json", good + broken)

    def register(self, api: LocalApi):
        headers = {
            "authorization": f"Bearer ${{file:{self.directory}/registration-file}}",
            "x-registered": self.secrets["registered"],
        }
        headers["x-environment"] = "${env:TOKEN}"
        for name, server in self.servers.items():
            session = server.open_session()
            answer = api.put(name, "mine", session, lease_seconds=600, protocol_version="2025-11-25", headers=headers)
            assert answer.status == 201, answer
            self.secrets.all[f"registered id {name}"] = session
        # A gateway that mixes things up.
        session, version = self.servers["fine"].open_session(), self.secrets["registered-version"]
        assert api.put("fine", "versioned", session, protocol_version=version).status == 201
        self.secrets.all["registered id versioned"] = session

    def start(self, *arguments: str) -> Agent:
        agent = Agent(self.path, *arguments, **self.environment)
        wait_until(lambda: agent.require_running() and is_ready(self.socket), 20, "the API answers")
        return agent

    def run(self, *arguments, status=None):
        done = run_command(*arguments, cwd=self.directory, **self.environment)
        assert status is None or done.returncode == status, done
        return done


def is_ready(path: Path) -> bool:
    try:
        return LocalApi(path).ask("GET", "/readyz").status == 200
    except (FileNotFoundError, ConnectionError):
        return False


class Listener:
    """A stream of events, as bytes."""

    def __init__(self, path: Path):
        self.heard = b""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        kinds = "lost,released,disabled,enabled,keepalive"
        self.socket.sendall(f"GET /v1/events?kinds={kinds} HTTP/1.1\r\nHost: agent\r\n\r\n".encode())
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while chunk := self.socket.recv(65536):
            self.heard += chunk


@pytest.fixture
def collector(cleanup):
    collector = FaultCollector({TRACES: [answers(503), answers(400, "no"), answers(401)]})
    cleanup.callback(collector.stop)
    return collector


@pytest.fixture
def story(tmp_path, scripted, collector):
    story = Story(tmp_path, scripted, collector.url)
    story.list_sessions()
    return story


def test_no_secret_is_ever_shown(story, collector, cleanup):
    agent = story.start()
    cleanup.callback(agent.stop)
    api, listener = LocalApi(story.socket), Listener(story.socket)
    tails = [follow(story, cleanup, *form) for form in ((), ("--output", "json"))]
    story.register(api)
    for name, server in story.servers.items():
        wait_until(lambda server=server: any(map(server.count, KEEPALIVES)), 20, f"keepalives of {name}")
    for kind in ("lost", "disabled", "keepalive"):
        wait_until(lambda kind=kind: f"event: {kind}" in listener.heard.decode(), 20, f"the event {kind}")
    wait_until(lambda: len(collector.exports(TRACES)) > 4, 20, "spans are exported in spite of faults")
    every_mistake_of_a_caller(story, api)
    every_command(story)
    every_broken_file(story, agent)
    for tail in tails:
        tail.signal(signal.SIGINT)
        tail.wait(10)
        assert "fine" in tail.stdout
        audit.look("tail", tail.stdout + tail.stderr)
    audit.look("events", listener.heard)
    assert agent.terminate(20)[0] == 0
    what_the_servers_were_told(story, collector)
    what_is_in_the_state(story)
    # Once more from the state, in other forms, and with nobody who takes telemetry.
    story.endpoint = "http://127.0.0.1:1"
    story.write(story.configuration())
    for form in ("json", "pretty"):
        counts = {name: len(server.requests) for name, server in story.servers.items()}
        agent = story.start("--log-level", "debug", "--log-format", form)
        cleanup.callback(agent.stop)
        for name in ("fine", "broken", "refusing"):
            wait_until(lambda name=name, counts=counts: len(story.servers[name].requests) > counts[name], 20, name)
        wait_until(lambda: list((story.directory / "spool").glob("*.jsonl*")), 20, "something is spooled")
        assert agent.terminate(20)[0] == 0 and agent.stderr
    what_is_in_the_spool(story)


def follow(story, cleanup, *arguments) -> Process:
    command = [require_binary(), "tail", "--api", story.socket, *arguments]
    process = Process(command, story.directory, "tail" + "".join(arguments), dict(os.environ) | story.environment)
    cleanup.callback(process.stop)
    return process


def every_command(story):
    api, tcp = ("--api", story.socket), ("--api", f"127.0.0.1:{story.writable}")
    token, wrong = ("--token-file", story.directory / "token"), story.directory / "wrong"
    wrong.write_text(story.secrets["wrong-token"])
    forms = ((), ("--output", "json"))
    listings = ["status --exit-zero", "top -n 1", "sessions list", "sessions show fine mine", "backends list"]
    listings += [
        "backends probe fine",
        "backends probe broken",
        "backends probe redirecting",
        "backends probe encrypted",
    ]
    listings += ["backends disable odd --for 1m", "backends enable odd", "sessions release webpage mine"]
    for line in listings:
        for form in forms:
            done = story.run(*line.split(), *api, *form)
            assert done.returncode in (0, 1), done
    for access in (token, ("--token-file", wrong), ()):
        done = story.run("status", "--exit-zero", *tcp, *access)
        assert (done.returncode == 0) == (access is token)
    for form in forms:
        story.run("config", "print", *form, status=0)
        for name in (*story.servers, "encrypted", "unopened"):
            story.run("explain", name, *form, status=0)
    # Because of the mistakes in the sessions file.
    story.run("check", status=78)
    story.run("check", "--live", "-c", bare(story))
    story.run("telemetry", "check")
    for name in (*story.servers, "encrypted", "unopened"):
        story.run("ping", name, "-n", "1", "--interval", "10ms", "--verbose")
    story.run("reload", *api, status=0)
    userinfo = f"http://user:{story.secrets['user']}@127.0.0.1:1"
    for arguments in (["config", "print"], ["telemetry", "check"], ["check"]):
        run_command(
            *arguments,
            "-c",
            bare(story),
            cwd=story.directory,
            **story.environment,
            OTEL_EXPORTER_OTLP_ENDPOINT=userinfo,
        )
    story.run("ping", f"http://user:{story.secrets['user']}@127.0.0.1:1/mcp", "-n", "1", status=64)
    story.run("ping", f"user:{story.secrets['user']}@127.0.0.1:1/mcp", "-n", "1", status=64)
    story.run("ping", f"{story.servers['broken'].url}?key={story.secrets['query']}", "-n", "1", "--verbose")


def bare(story) -> Path:
    """A file that says nothing of telemetry, so that the environment counts."""
    path = story.directory / "bare.yaml"
    path.write_text(json.dumps({"backends": json.loads(story.configuration())["backends"]}))
    return path


def every_mistake_of_a_caller(story, api: LocalApi):
    mine = story.secrets
    good = {"session_id": mine["call"]}
    for body in (
        {"session_id": "a blank in " + mine["call"]},
        {"session_id": [mine["call"]]},
        {"session_id": mine["registered id fine"]},
        good | {"session": mine["call"]},
        good | {"lease_seconds": mine["call"]},
        good | {"last_activity": mine["call"]},
        good | {"headers": mine["call"]},
        good | {"headers": [mine["call"]]},
        good | {"headers": {"x": {"y": mine["call"]}}},
        good | {"headers": {"a b": mine["call"]}},
        good | {"headers": {"host": mine["call"]}},
        good | {"headers": {"x": mine["call"] + "\n"}},
        good | {"headers": {"x": mine["call"] + "${env:NONE}"}},
        good | {"headers": {"x": mine["call"] + "${file:none}"}},
        good | {"headers": {"x": mine["call"] + "${nothing}"}},
        good | {"headers": {"x": "${env:TOKEN}", "X": mine["call"]}},
        [mine["call"]],
        mine["call"],
    ):
        answer = api.ask("PUT", api.session("fine", "other"), body)
        assert 400 <= answer.status < 500, (body, answer)
    for text in ('{"session_id": "' + mine["call"], '{"session_id": ' + mine["call"] + "}", mine["call"] * 3000):
        for headers in ({"authorization": f"Bearer {mine['token']}"}, {"authorization": f"Bearer {mine['call']}"}, {}):
            assert 400 <= ask_over_tcp(story, text, headers) < 500
    long = {"authorization": f"Bearer {mine['token']}", "x-long": mine["call"] * 1000}
    assert 400 <= ask_over_tcp(story, "{}", long) < 500


def ask_over_tcp(story, text: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", story.writable, timeout=20)
    try:
        headers = headers | {"content-type": "application/json"}
        connection.request("PUT", "/v1/backends/fine/sessions/other", text, headers)
        response = connection.getresponse()
        audit.look("an answer over TCP", f"{response.getheaders()} {response.read().decode()}")
        return response.status
    finally:
        connection.close()


def every_broken_file(story, agent):
    """Files with secrets near mistakes, or in wrong places; the reload is refused, and each of them told."""
    good, value = story.configuration(), story.secrets["misplaced"]
    backend = '"backends": {'
    mistakes = [
        good.replace('"interval": "1s"', '"intervall": "1s"'),
        good.replace(backend, f'{backend} "a": {{"url": "http://user:{value}@h/"}},'),
        good.replace(backend, f'{backend} "a": {{"url": "htp://h/?key={value}"}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "heders": {{"x": "{value}"}}}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "headers": "{value}"}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "headers": {{"x": ["{value}"]}}}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "headers": {{"x": "{value}${{x}}"}}}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "api_key": "{value}"}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "tool_arguments": {{"x": "{value}"}}}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "interval": "${{env:TOKEN}}"}},'),
        good.replace(backend, f'{backend} "a": {{"url": "http://h", "tls": {{"ca_file": "${{file:file}}"}}}},'),
        good.replace('"token_file": "token"', '"token_file": "${file:token}"'),
        good.replace('"sessions_file": "sessions.json"', '"sessions_file": "${file:file}", "bogus": 1'),
        good[: good.index(story.secrets["literal"]) + 8],
        good + f"\n- authorization: {value}",
    ]
    (story.directory / "key.pem").write_text(story.secrets["broken-key"])
    (story.directory / "key.pem").chmod(0o600)
    mistakes.append(good.replace('"client_key_file": "client.key"', '"client_key_file": "key.pem"'))
    for number, text in enumerate(mistakes, 1):
        story.write(text)
        agent.signal(signal.SIGHUP)
        wait_until(lambda number=number: agent.stderr.count("reload rejected") >= number, 20, f"mistake {number}")
        story.run("reload", "--api", story.socket)
        story.run("check")
        story.run("config", "print")
    story.write(good)
    story.run("reload", "--api", story.socket, status=0)


def what_the_servers_were_told(story, collector):
    """The secrets have done their work, so they were there to be shown."""
    told = "".join(echo(request) for server in story.servers.values() for request in server.requests)
    places = ["environment", "file", "literal", "default", "entry-file", "entry-literal", "registration-file"]
    places += ["registered", "argument", "fallback", "registered id fine"]
    assert [place for place in places if story.secrets[place] not in told] == []
    headers = str([export.headers for export in collector.exports(TRACES)])
    assert story.secrets["collector-file"] in headers and story.secrets["collector-literal"] in headers


def what_is_in_the_state(story):
    """What resuming takes, in files for nobody else; what can be read anew is not there."""
    state = story.directory / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    contents = b""
    for path in state.rglob("*"):
        assert path.stat().st_mode & 0o777 == 0o600, path
        contents += path.read_bytes()
    there = {place for place, value in story.secrets.all.items() if value.encode() in contents}
    resumed = {f"registered id {name}" for name in ("fine", "broken", "refusing")} | {"registered"}
    assert resumed <= there
    assert all(place.startswith("registered") for place in there)
    own = {request.session for request in story.servers["fine"].requests} - set(story.secrets.all.values())
    assert own and not any(session.encode() in contents for session in own if session)


def what_is_in_the_spool(story):
    spool = story.directory / "spool"
    assert spool.stat().st_mode & 0o777 == 0o700
    for path in spool.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
        content = path.read_bytes()
        audit.look(path.name, gzip.decompress(content) if path.suffix == ".gz" else content)
