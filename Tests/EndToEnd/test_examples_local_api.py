# SPDX-License-Identifier: Apache-2.0
"""The clients in examples/local-api, with a running agent."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time

import pytest
from harness.agent import write_configuration
from harness.local_api import LocalApi
from harness.processes import Process
from harness.tools import ROOT
from harness.waiting import wait_until

EXAMPLE = ROOT / "examples" / "local-api"


@pytest.fixture
def api(start_agent, scripted, tmp_path):
    server = scripted()
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        api: {{ listen: "off", socket: api.sock }}
        backends: {{ alpha: {{ url: '{server.url}', interval: 1s }} }}
        """,
    )
    start_agent(configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")
    wait_until((tmp_path / "api.sock").exists, 20, "the socket")
    return LocalApi(tmp_path / "api.sock"), server


def test_the_shell_client_keeps_a_session_while_a_command_runs(api):
    api, server = api
    session = server.open_session()
    environment = os.environ | {
        "MCP_SESSION_ID": session,
        "MCP_KEEPALIVE_SOCKET": str(api.path),
        "LEASE_SECONDS": "2",
    }
    began = time.monotonic()
    # Longer than the lease: it has to be renewed.
    done = subprocess.run(
        [EXAMPLE / "keep.sh", "alpha", "shell", "sh", "-c", "sleep 4; exit 3"],
        env=environment,
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3 and time.monotonic() - began >= 4, done.stderr
    assert server.count("ping", session) >= 2
    assert api.sessions() == []
    assert session not in done.stdout + done.stderr


def test_the_shell_client_leaves_nothing_behind(api):
    api, server = api
    environment = os.environ | {"MCP_SESSION_ID": server.open_session(), "MCP_KEEPALIVE_SOCKET": str(api.path)}
    command = [EXAMPLE / "keep.sh", "alpha", "shell", "true"]
    began = time.monotonic()
    # A pipe is over when nobody has it any more; a third of the lease would be 20 s.
    done = subprocess.run(command, env=environment, timeout=60, check=False, capture_output=True, text=True)
    assert done.returncode == 0 and time.monotonic() - began < 10
    done = subprocess.run(
        [EXAMPLE / "keep.sh", "alpha", "a key", "true"], env=environment, timeout=60, check=False, capture_output=True
    )
    assert done.returncode == 64 and b"percent-encoded" in done.stderr


def test_the_python_client_does_what_a_gateway_needs(api):
    api, server = api
    specification = importlib.util.spec_from_file_location("gateway", EXAMPLE / "gateway.py")
    gateway = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(gateway)
    keepalive = gateway.Keepalive(str(api.path))
    old, new = server.open_session(), server.open_session()
    keepalive.register("alpha", "front/1", old)
    wait_until(lambda: server.count("ping", old) >= 1, 20, "a keepalive")
    keepalive.suspend("alpha", "front/1")
    before = server.count("ping", old)
    keepalive.register("alpha", "front/1", new, lease_seconds=60)
    keepalive.renew("alpha", "front/1", "2026-01-01T00:00:00Z")
    wait_until(lambda: server.count("ping", new) >= 1, 20, "a keepalive of the new one")
    assert server.count("ping", old) == before
    assert keepalive.release("alpha", "front/1") is True
    assert keepalive.release("alpha", "front/1") is False
    with pytest.raises(gateway.KeepaliveError) as refusal:
        keepalive.register("beta", "front/1", new)
    assert refusal.value.code == "no_such_backend"


@pytest.fixture
def receiver(tmp_path):
    """The receiver of the example and its URL."""
    (tmp_path / "token").write_text("canary-token\n")
    (tmp_path / "token").chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = Process([sys.executable, "-u", EXAMPLE / "webhook.py", port, tmp_path / "token"], tmp_path, "receiver")
    yield process, f"http://127.0.0.1:{port}/hook"
    process.stop()


def test_the_receiver_takes_each_event_once(receiver, start_agent, scripted, tmp_path):
    process, url = receiver
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        api:
          listen: "off"
          socket: api.sock
          webhook: {{ url: '{url}', headers: {{ authorization: "Bearer ${{file:token}}" }} }}
        backends: {{ alpha: {{ url: '{scripted().url}', interval: 1s }} }}
        """,
    )
    start_agent(configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")
    wait_until((tmp_path / "api.sock").exists, 20, "the socket")
    api = LocalApi(tmp_path / "api.sock")
    for action in ["disable", "enable"] * 2:
        api.ask("POST", f"/v1/backends/alpha/{action}", {} if action == "disable" else None)
    wait_until(lambda: process.stdout.count("\n") == 4, 20, "the events")
    assert [line.split()[0] for line in process.stdout.splitlines()] == ["disabled", "enabled"] * 2
    # Again, and from somebody without the token.
    body = json.dumps({"events": [{"id": process.stdout.split()[2], "kind": "lost"}]})
    for token, status in [("canary-token", "204"), ("other", "401")]:
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {token}"]
        done = subprocess.run([*command, "-d", body, url], check=True, capture_output=True, text=True, timeout=20)
        assert done.stdout == status
    assert process.stdout.count("\n") == 4
