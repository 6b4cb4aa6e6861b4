# SPDX-License-Identifier: Apache-2.0
"""A gateway that registers sessions as fast as the agent takes them; so it writes its requests as bytes."""

import socket
import time
from pathlib import Path

from .processes import Failure


class Connection:
    """One connection to the API, kept alive."""

    def __init__(self, path: Path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))

    def send(self, backend: str, number: int):
        body = b'{"lease_seconds":86400,"protocol_version":"2025-11-25","session_id":"%036x"}' % number
        head = (
            f"PUT /v1/backends/{backend}/sessions/{number} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body)

    def receive(self):
        """Takes one answer; anything but an acknowledgment that is on disk is no result."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(received)
        head, _, body = received.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self._more(received)
        if not head.startswith(b"HTTP/1.1 20") or b'"durable":true' not in body:
            raise Failure(f"the agent did not take a session: {head.decode()} {body.decode()}")

    def _more(self, received: bytes) -> bytes:
        if not (piece := self.socket.recv(65536)):
            raise Failure(f"the agent closed a connection after {received!r}")
        return piece


def register(path: Path, backend: str, numbers: range, in_flight: int) -> list[float]:
    """Registers a session for each number, so many at a time; returns the seconds that each waited for its answer."""
    connections = [Connection(path) for _ in range(in_flight)]
    waited = []
    try:
        sent: list[float] = []
        for index, number in enumerate(numbers):
            connection = connections[index % in_flight]
            if index >= in_flight:
                connection.receive()
                waited.append(time.perf_counter() - sent[index - in_flight])
            sent.append(time.perf_counter())
            connection.send(backend, number)
        for index in range(max(0, len(numbers) - in_flight), len(numbers)):
            connections[index % in_flight].receive()
            waited.append(time.perf_counter() - sent[index])
    finally:
        for connection in connections:
            connection.socket.close()
    return waited
