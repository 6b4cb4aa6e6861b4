# SPDX-License-Identifier: Apache-2.0
"""The read-write API over TCP with TLS: who gets in with which certificate and token."""

import contextlib
import http.client
import json
import socket
import ssl
import time

import pytest
from harness.agent import run_command, write_configuration
from harness.certificates import Authority
from harness.waiting import wait_until

CLIENT = "extendedKeyUsage=clientAuth"
CONFIGURATION = 78


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(authority):
    return authority.issue("server")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def configure(folder, port, server, more):
    (folder / "token").write_text("canary-token\n")
    (folder / "token").chmod(0o600)
    return write_configuration(
        folder,
        f"""
        version: 1
        api:
          listen: "off"
          socket: "off"
          writable:
            listen: 127.0.0.1:{port}
            {more.get("token", "")}
            tls:
              certificate_file: '{server.certificate}'
              key_file: '{server.key}'
              {more.get("clients", "")}
        backends: {{}}
        """,
    )


@pytest.fixture
def start(start_agent, server, tmp_path):
    """Starts an agent; returns its port."""

    def make(**more):
        port = free_port()
        start_agent(configure(tmp_path, port, server, more), OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")
        wait_until(lambda: listens(port), 20, "the listener")
        return port

    return make


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def client(authority, identity=None):
    context = ssl.create_default_context(cafile=authority.certificate)
    if identity:
        context.load_cert_chain(identity.certificate, identity.key)
    return context


def ask(port, context, token=None, path="/v1/status"):
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_a_token_goes_encrypted(start, authority, server):
    port = start(token="token_file: token")
    assert ask(port, client(authority), "canary-token")[0] == 200
    assert ask(port, client(authority), "other")[1]["code"] == "unauthorized"
    assert ask(port, client(authority))[1]["code"] == "unauthorized"
    # A client that is served on one connection again and again, and by its newest and oldest protocol.
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = client(authority)
        context.minimum_version = context.maximum_version = version
        connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
        for _ in range(3):
            connection.request("GET", "/v1/sessions", headers={"Authorization": "Bearer canary-token"})
            response = connection.getresponse()
            assert response.status == 200 and json.loads(response.read()) == {"sessions": []}
        connection.close()
    old = client(authority)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        ask(port, old, "canary-token")


def test_a_certificate_of_the_right_authority_is_needed_and_enough(start, authority, tmp_path):
    port = start(clients=f"client_ca_file: '{authority.certificate}'")
    status, shown = ask(port, client(authority, authority.issue("client", extension=CLIENT)))
    assert status == 200 and shown["version"]
    # With TLS 1.3 a client learns with its first read that its certificate was not accepted, or not there.
    refusals = (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)
    with pytest.raises(refusals):
        ask(port, client(authority))
    stranger = Authority(tmp_path, "stranger").issue("client", extension=CLIENT)
    with pytest.raises(refusals):
        ask(port, client(authority, stranger))
    with pytest.raises(refusals):
        ask(port, client(authority, authority.issue("late", days=-1, extension=CLIENT)))
    with pytest.raises(refusals):
        ask(port, client(authority), path="/livez")


def test_a_token_and_a_certificate_are_both_needed_where_both_are_configured(start, authority):
    port = start(token="token_file: token", clients=f"client_ca_file: '{authority.certificate}'")
    known = client(authority, authority.issue("both", extension=CLIENT))
    assert ask(port, known)[1]["code"] == "unauthorized"
    assert ask(port, known, "canary-token")[0] == 200
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
        ask(port, client(authority), "canary-token")


def test_who_does_not_speak_tls_is_shown_the_door(start, authority):
    port = start(token="token_file: token")
    plain = http.client.HTTPConnection("localhost", port, timeout=10)
    with pytest.raises((http.client.BadStatusLine, ConnectionError)):
        plain.request("GET", "/livez")
        plain.getresponse()
    # Handshakes that stop half way, also very many of them, are cut off and keep nobody out for long.
    began = time.monotonic()
    halves = []
    for _ in range(64):
        half = socket.create_connection(("127.0.0.1", port), timeout=20)
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
        halves.append(half)
    for half in halves:
        with contextlib.suppress(ConnectionResetError):
            assert half.recv(100) == b""
        half.close()
    assert 3 < time.monotonic() - began < 15
    assert ask(port, client(authority), "canary-token")[0] == 200


@pytest.mark.parametrize(
    "wrong, text",
    [
        ("missing", "cannot read"),
        ("key", "does not belong to the certificate"),
        ("certificate", "has no PEM certificate"),
        ("no key", "has no PEM key"),
    ],
)
def test_files_that_cannot_be_used_are_told_at_the_start(wrong, text, authority, server, tmp_path):
    identity = type(server)(server.certificate, server.key)
    match wrong:
        case "missing":
            identity.certificate = tmp_path / "nothing.pem"
        case "key":
            identity.key = authority.issue("other").key
        case "certificate":
            identity.certificate = server.key
        case "no key":
            identity.key = server.certificate
    configuration = configure(tmp_path, free_port(), identity, {"token": "token_file: token"})
    done = run_command("run", "-c", configuration, cwd=tmp_path, MCP_KEEPALIVE_API="", OTEL_SDK_DISABLED="true")
    assert done.returncode == CONFIGURATION and text in done.stderr
