# SPDX-License-Identifier: Apache-2.0
"""Fixtures. Whatever a test starts through them is stopped when it ends, pass or fail."""

import contextlib

import pytest
from harness import audit
from harness.agent import Agent
from harness.faults import FaultyServer
from harness.relay import Relay
from harness.rotel import Rotel
from harness.scripted import ScriptedServer
from harness.sink import Sink


@pytest.fixture(autouse=True)
def every_payload_is_correct():
    """Whatever the agent sent while a test ran. First set up, so that the agents have stopped when it looks."""
    yield
    audit.require_correct()


@pytest.fixture(scope="session", autouse=True)
def every_last_payload_is_correct():
    """The same for agents that live longer than one test."""
    yield
    audit.require_correct()


@pytest.fixture
def cleanup():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def sink(cleanup):
    sink = Sink()
    cleanup.callback(sink.stop)
    return sink


@pytest.fixture
def collector(cleanup, sink, tmp_path):
    """A real collector in front of the sink; a relay before it sees what the agent sends."""
    rotel = Rotel(tmp_path, sink.url)
    cleanup.callback(rotel.stop)
    rotel.wait_until_ready()
    relay = Relay(rotel.url)
    cleanup.callback(relay.stop)
    return relay


@pytest.fixture
def scripted(cleanup):
    """Makes scripted MCP servers."""

    def make(*arguments):
        server = ScriptedServer(*arguments)
        cleanup.callback(server.stop)
        return server

    return make


@pytest.fixture
def faulty(cleanup):
    """Makes servers that misbehave below HTTP."""

    def make(*arguments):
        server = FaultyServer(*arguments)
        cleanup.callback(server.stop)
        return server

    return make


@pytest.fixture
def start_agent(cleanup):
    """Starts `mcp-keepalive run`."""

    def start(configuration, *arguments, **environment):
        agent = Agent(configuration, *arguments, **environment)
        cleanup.callback(agent.stop)
        return agent

    return start
