# SPDX-License-Identifier: Apache-2.0
"""What a service manager such as systemd is told: sd_notify(3), with a socket of the test in systemd's place."""

import os
import signal
import socket
import time

import pytest
from harness.agent import write_configuration

WATCHDOG_SECONDS = 0.6


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    address = str(tmp_path / "notify") if request.param == "path" else f"@mcp-keepalive-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address if request.param == "path" else "\0" + address[1:])
        listener.settimeout(10)
        yield listener, address


def heard(manager) -> str:
    return manager.recv(4096).decode()


def test_the_manager_hears_that_the_agent_is_up_alive_and_stopping(manager, scripted, start_agent, tmp_path):
    manager, address = manager
    # Nothing is due for five minutes: the signs of life come all the same.
    configuration = write_configuration(
        tmp_path, f"version: 1\nbackends: {{ quiet: {{ url: '{scripted().url}', own_sessions: 1 }} }}\n"
    )
    agent = start_agent(
        configuration, NOTIFY_SOCKET=address, WATCHDOG_USEC=str(int(WATCHDOG_SECONDS * 1e6)), OTEL_SDK_DISABLED="true"
    )
    messages = [heard(manager) for _ in range(6)]
    ready = [message for message in messages if message.startswith("READY=1\nSTATUS=mcp-keepalive ")]
    assert len(ready) == 1 and "quiet (ping every 5m)" in ready[0]
    assert messages.count("WATCHDOG=1") == 5

    agent.signal(signal.SIGSTOP)
    manager.settimeout(3 * WATCHDOG_SECONDS)
    last = time.monotonic()
    with pytest.raises(TimeoutError):
        while True:
            heard(manager)
            # What was sent before may still come.
            assert time.monotonic() - last < WATCHDOG_SECONDS, "a stopped process gives no sign of life"
    agent.signal(signal.SIGCONT)
    manager.settimeout(10)
    assert heard(manager) == "WATCHDOG=1"
    assert agent.terminate(timeout=20)[0] == 0
    rest = []
    manager.settimeout(0.2)
    with pytest.raises(TimeoutError):
        while True:
            rest.append(heard(manager))
    assert rest.count("STOPPING=1") == 1
