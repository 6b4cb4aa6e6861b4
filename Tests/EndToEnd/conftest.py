# SPDX-License-Identifier: Apache-2.0
"""Fixtures. Whatever a test starts through them is stopped when it ends, pass or fail."""

import contextlib

import pytest
from harness.agent import Agent
from harness.faults import FaultyServer
from harness.rotel import Rotel
from harness.scripted import ScriptedServer
from harness.sink import Sink


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
    """A real collector in front of the sink."""
    rotel = Rotel(tmp_path, sink.url)
    cleanup.callback(rotel.stop)
    return rotel.wait_until_ready()


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
