# SPDX-License-Identifier: Apache-2.0
"""Servers that misbehave below HTTP: plain sockets, one thread per connection."""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from otlp_checker.decoding import MESSAGES

from . import audit


@dataclass
class Visit:
    """One connection: the bytes that could be sent and how long the peer stayed. `seconds` is None while it lasts."""

    sent: int = 0
    seconds: float | None = None
    requests: int = 0


class FaultyServer:
    """Reads requests and lets `misbehave(connection, visit)` answer each; when it returns False the connection ends."""

    def __init__(self, misbehave: Callable[["FaultyServer", socket.socket, Visit], bool], path: str = "/mcp"):
        self.misbehave = misbehave
        self.visits: list[Visit] = []
        self.stopping = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        # Small buffers: what a server "could send" shall be close to what the agent took.
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.stopping.set()
        self.listener.close()

    @property
    def requests(self) -> int:
        return sum(visit.requests for visit in self.visits)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            visit = Visit()
            self.visits.append(visit)
            threading.Thread(target=self._serve, args=(connection, visit), daemon=True).start()

    def _serve(self, connection: socket.socket, visit: Visit):
        with connection:
            try:
                while read_request(connection):
                    visit.requests += 1
                    started = time.monotonic()
                    goes_on = self.misbehave(self, connection, visit)
                    visit.seconds = time.monotonic() - started
                    if not goes_on:
                        return
            except OSError:
                visit.seconds = time.monotonic() - started if visit.requests else 0

    def peer_leaves_within(self, connection: socket.socket, seconds: float) -> bool:
        """Whether the peer closes, or the server stops, before the time is over."""
        deadline = time.monotonic() + seconds
        while not self.stopping.is_set():
            connection.settimeout(min(0.1, max(0.001, deadline - time.monotonic())))
            try:
                if not connection.recv(4096):
                    return True
            except TimeoutError:
                if time.monotonic() >= deadline:
                    return False
        return True


def read_request(connection: socket.socket) -> bool:
    """Reads one request with its body; false when the peer has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return False
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:
            return False
        body += chunk
    target = start.split(" ")[1]
    if target in MESSAGES:  # where such a server takes the place of a collector
        audit.check(target, headers, body, is_accepted=False)
    return True


def hangs(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
    while not server.peer_leaves_within(connection, 60):
        pass
    return False


def drips(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
    """One byte every half second."""
    for byte in b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n" + b" " * 1000:
        connection.sendall(bytes([byte]))
        visit.sent += 1
        if server.peer_leaves_within(connection, 0.5):
            break
    return False


def streams_for_ever(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
    """An event stream of other people's notifications, as fast as the peer takes them."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
    event = b'data: {"jsonrpc":"2.0","method":"notifications/message"}\r\n\r\n' * 16
    while not server.stopping.is_set():
        visit.sent += connection.send(event)
    return False


#: 200 MB of blanks, compressed.
BOMB = gzip.compress(b" " * 200_000_000, compresslevel=9)


def bombs(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
    head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
    connection.sendall(f"{head}content-length: {len(BOMB)}\r\n\r\n".encode() + BOMB)
    visit.sent += len(BOMB)
    return True


def redirects_to(url: str):
    def redirect(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
        connection.sendall(f"HTTP/1.1 307 Temporary Redirect\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n".encode())
        return True

    return redirect


def answers_with(status: str, body: str = "", content_type: str = "text/html", headers: str = ""):
    """A plain HTTP server that always answers the same. `headers` are whole lines with CRLF."""

    def answer(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
        head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n{headers}content-length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())
        return True

    return answer


def resets(server: FaultyServer, connection: socket.socket, visit: Visit) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False
