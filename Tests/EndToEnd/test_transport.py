# SPDX-License-Identifier: Apache-2.0
"""The way to the collector: trust, client certificates, proxies, connections; one agent to each case, side by side."""

import contextlib
from dataclasses import dataclass

import pytest
from harness.agent import Agent, write_configuration
from harness.certificates import Authority, server_context
from harness.fault_collector import LOGS, METRICS, TRACES, FaultCollector
from harness.scripted import ScriptedServer
from harness.waiting import wait_until

# A name that nobody can look up: whoever takes requests for it is a proxy.
ELSEWHERE = "http://collector.invalid:4318"
TRUSTED, REFUSED = ("custom authority", "mutual", "one file for both", "unverified"), {
    "system's authorities": "tls",
    "another authority": "tls",
    "another name": "tls",
    "mutual without a certificate": None,
    "mutual with a stranger's certificate": None,
}  # fmt: skip
PROXIED = {"proxy": True, "proxy for others": False, "proxy for a collector nearby": False, "no proxy": False}


@dataclass
class Run:
    agent: Agent
    collector: FaultCollector

    def await_exports(self, path: str, count: int) -> list:
        def enough():
            self.agent.require_running()
            return len(self.collector.exports(path)) >= count

        wait_until(enough, 20, f"{count} requests to {path}")
        return self.collector.exports(path)[:count]

    def failing(self, signal: str) -> list[str]:
        """The lines of the log that say that an export fails."""
        lines = self.agent.stderr.splitlines()
        return [line for line in lines if f"export of {signal}" in line and "fails (" in line]

    def await_failure(self, signal: str) -> str:
        wait_until(lambda: self.agent.require_running() and self.failing(signal), 25, f"export of {signal} fails")
        return self.failing(signal)[0]


class Starter:
    def __init__(self, factory, stack):
        self.factory, self.stack = factory, stack
        self.directory = factory.mktemp("certificates")
        self.authority, self.stranger = (Authority(self.directory, name) for name in ("authority", "stranger"))
        self.server = self.authority.issue("server")
        self.server_elsewhere = self.authority.issue("elsewhere", extension="subjectAltName=DNS:elsewhere.example")
        self.client, self.unknown_client = self.authority.issue("client"), self.stranger.issue("unknown-client")
        self.backend = ScriptedServer()
        stack.callback(self.backend.stop)

    def start(self, name, tls="", context=None, endpoint=None, telemetry="", backends="", proxied=False, **environment):
        collector = FaultCollector(tls=context)
        self.stack.callback(collector.stop)
        proxy = {"http_proxy": f"http://127.0.0.1:{collector.port}"} if proxied else {}
        directory = self.factory.mktemp("transport")
        options = f", tls: {{ {tls} }}" if tls else ""
        target = self.second if endpoint == "second" else None
        url = target.url if target else endpoint or collector.url
        configuration = write_configuration(
            directory,
            f"""
            version: 1
            telemetry: {{ endpoint: '{url}', interval: 1s{options}{telemetry} }}
            defaults: {{ interval: 1s, timeout: 1s }}
            backends: {{ steady: {{ url: '{self.backend.url}', own_sessions: 1 }}{backends} }}
            """,
        )
        agent = Agent(configuration, **environment, **proxy)
        self.stack.callback(agent.stop)
        return name, Run(agent, collector)

    def start_all(self) -> dict[str, Run]:
        plain, mutual = server_context(self.server), server_context(self.server, clients=self.authority)
        known, stranger = f"ca_file: '{self.authority.certificate}'", f"ca_file: '{self.stranger.certificate}'"

        def shows(identity):
            files = f"client_certificate_file: '{identity.certificate}', client_key_file: '{identity.key}'"
            return f"{known}, {files}"

        both = self.directory / "both.pem"
        both.write_text(self.client.certificate.read_text() + self.client.key.read_text())
        unresolvable = ", nowhere: { url: 'http://backend.invalid/mcp', own_sessions: 1 }"
        self.second = FaultCollector()
        self.stack.callback(self.second.stop)
        return dict(
            [
                self.start("custom authority", known, plain),
                self.start("system's authorities", "", plain),
                self.start("another authority", stranger, plain),
                self.start("another name", known, server_context(self.server_elsewhere)),
                self.start("unverified", "insecure_skip_verify: true", plain),
                self.start("mutual", shows(self.client), mutual),
                self.start("one file for both", f"{known}, client_certificate_file: '{both}'", mutual),
                self.start("mutual without a certificate", known, mutual),
                self.start("mutual with a stranger's certificate", shows(self.unknown_client), mutual),
                self.start("connections"),
                self.start("plain", telemetry=", compression: none, headers: { x-tenant: 'seven' }"),
                self.start("proxy", endpoint=ELSEWHERE, backends=unresolvable, proxied=True),
                self.start("proxy for others", endpoint=ELSEWHERE, proxied=True, no_proxy="collector.invalid"),
                self.start("proxy for a collector nearby", endpoint="second", proxied=True),
                self.start("no proxy", endpoint=ELSEWHERE),
            ]
        )


@pytest.fixture(scope="module")
def transports(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        starter = Starter(tmp_path_factory, stack)
        runs = starter.start_all()
        yield starter, runs
        for run in runs.values():  # they stop side by side, too
            run.agent.signal()


@pytest.fixture
def runs(transports):
    return transports[1]


# Trust.


@pytest.mark.parametrize("name", TRUSTED)
def test_a_collector_that_can_be_trusted_gets_everything(runs, name):
    for path in (TRACES, METRICS, LOGS):
        runs[name].await_exports(path, 1)
    assert runs[name].failing("") == []


@pytest.mark.parametrize("name", REFUSED)
def test_without_trust_nothing_is_sent(runs, name):
    run = runs[name]
    wait_until(lambda: run.agent.require_running() and run.collector.connections >= 3, 20, "three connections are made")
    line = run.await_failure("metrics")
    expected = REFUSED[name]
    assert f"fails ({expected})" in line if expected else "fails (" in line, line
    assert run.collector.received == [], "nothing was sent"


@pytest.mark.parametrize("name", ["mutual", "one file for both"])
def test_the_collector_sees_the_certificate_of_the_client(runs, name):
    export = runs[name].await_exports(METRICS, 1)[0]
    assert (("commonName", "client"),) in export.client_certificate["subject"]


def test_a_collector_that_does_not_ask_sees_no_certificate(runs):
    assert not runs["custom authority"].await_exports(METRICS, 1)[0].client_certificate


# Connections and headers.


@pytest.mark.parametrize("name", ["connections", "custom authority"])
def test_many_exports_use_one_connection_per_signal_at_most(runs, name):
    run = runs[name]
    run.await_exports(METRICS, 8)
    # Whichever is free is used, also one that another signal has opened; none is given up.
    assert 1 <= run.collector.connections <= 3
    assert run.collector.ended_connections == 0


def test_headers_are_exact(runs):
    plain = runs["plain"].await_exports(METRICS, 2)[-1].headers
    compressed = runs["connections"].await_exports(METRICS, 2)[-1].headers
    assert plain.pop("x-tenant") == "seven" and "content-encoding" not in plain
    assert compressed.pop("content-encoding") == "gzip"
    # What the harness has every agent send; the headers of the file are instead of it.
    assert "x-harness" not in plain and compressed.pop("x-harness")
    names = {"host", "user-agent", "accept", "accept-encoding", "content-type", "content-length"}
    for headers in (plain, compressed):
        assert set(headers) == names and headers["content-type"] == "application/json", headers


# Proxies.


@pytest.mark.parametrize("name", PROXIED)
def test_a_proxy_is_used_where_one_is_configured(runs, transports, name):
    run, second = runs[name], transports[0].second
    if PROXIED[name]:
        for path in (TRACES, METRICS, LOGS):
            assert {export.target for export in run.await_exports(path, 1)} == {ELSEWHERE + path}
    elif name == "proxy for a collector nearby":
        wait_until(lambda: len(second.exports(METRICS)) >= 3, 20, "exports without the proxy")
        assert run.collector.connections == 0
    else:
        run.await_failure("metrics")
        assert run.collector.connections == 0


def test_backends_are_never_called_through_a_proxy(runs):
    run = runs["proxy"]

    def failed():
        return run.agent.require_running() and any("nowhere" in line for line in run.agent.stderr.splitlines())

    wait_until(failed, 20, "the backend that cannot be found fails")
    run.await_exports(METRICS, 4)
    assert {export.path for export in run.collector.received} <= {TRACES, METRICS, LOGS}
