# SPDX-License-Identifier: Apache-2.0
"""A collector that misbehaves as told and remembers every request, connection and byte of it.

A fault is a function of an `Exchange`; it answers or does not. Each path has its list of faults, one per request; when
the list is over, requests are accepted.
"""

import email.utils
import gzip
import itertools
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import audit
from .loopback import Handler, Loopback
from .sink import Sink

TRACES, METRICS, LOGS = "/v1/traces", "/v1/metrics", "/v1/logs"


@dataclass
class Export:
    """One request. `connection` counts from 1; `sent` are the bytes of an answer that the peer took."""

    path: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    client_certificate: dict | None
    at: float
    fault: str
    sent: int = 0
    left_after: float | None = None

    @property
    def identifiers(self) -> set[str]:
        """The ids of the spans in it."""
        return {
            span["spanId"]
            for resource in json.loads(self.body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        }


@dataclass
class Exchange:
    """What a fault can do with a request."""

    collector: "FaultCollector"
    handler: Handler
    export: Export

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None):
        self.handler.send_response(status)
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        if status != 204:
            self.handler.send_header("content-length", str(len(body)))
        self.handler.end_headers()
        self.send(body)

    def send(self, data: bytes):
        """Sends as much as the peer takes."""
        self.handler.wfile.flush()
        for start in range(0, len(data), 65536):
            self.export.sent += self.handler.connection.send(data[start : start + 65536])

    def end(self):
        self.handler.close_connection = True


Fault = Callable[[Exchange], None]


class FaultCollector:
    def __init__(
        self, faults: dict[str, Iterable[Fault]] | None = None, port: int = 0, tls: ssl.SSLContext | None = None
    ):
        self.faults = {path: iter(list_) for path, list_ in (faults or {}).items()}
        self.sink = Sink()
        self.lock = threading.Lock()
        self.received: list[Export] = []
        self.handshake_errors: list[str] = []
        self.connections = 0
        #: How many of them have ended.
        self.ended_connections = 0
        self.stopping = threading.Event()
        collector = self

        class Answers(Handler):
            def setup(self):
                with collector.lock:
                    collector.connections += 1
                    self.number = collector.connections
                if tls:
                    self.request.settimeout(20)
                    self.request = tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def finish(self):
                with collector.lock:
                    collector.ended_connections += 1
                super().finish()

            def parse_request(self):
                # When the first line is there, and not when the checker is done with the body.
                self.began = time.monotonic()
                return super().parse_request()

            def do_POST(self):
                collector.serve(self)

        class Server(Loopback):
            def handle_error(self, request, client_address):
                collector.note_error()

        self.server = Server(Answers, port)
        self.port = self.server.port
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"

    def stop(self):
        self.stopping.set()
        self.server.stop()
        self.sink.stop()

    def note_error(self):
        """Peers that leave are what faults are about; what is wrong with the collector itself must not be hidden."""
        error = sys.exc_info()[1]
        with self.lock:
            if isinstance(error, ssl.SSLError):
                self.handshake_errors.append(str(error))
            elif not isinstance(error, OSError):
                audit.note(f"the fault collector failed: {error!r}")

    def serve(self, handler: Handler):
        body = handler.read_body()
        path = urlsplit(handler.path).path
        with self.lock:
            fault = next(self.faults.get(path, iter(())), accepts)
        is_accepted = getattr(fault, "is_acceptance", False)
        audit.check(path, handler.headers, body, is_accepted)
        with self.lock:
            export = Export(
                path=path,
                target=handler.path,
                headers={name.lower(): value for name, value in handler.headers.items()},
                body=gzip.decompress(body) if handler.headers.get("content-encoding") == "gzip" else body,
                connection=handler.number,
                client_certificate=getattr(handler.connection, "getpeercert", lambda: None)(),
                at=handler.began,
                fault=fault.__name__,
            )
            self.received.append(export)
        exchange = Exchange(self, handler, export)
        if is_accepted:
            self.sink.take(path, export.body)
        try:
            fault(exchange)
        finally:
            export.left_after = time.monotonic() - export.at

    def exports(self, path: str) -> list[Export]:
        with self.lock:
            return [export for export in self.received if export.path == path]

    def faulted(self, path: str) -> list[Export]:
        return [export for export in self.exports(path) if export.fault != accepts.__name__]


def named(name: str, fault: Fault, is_acceptance: bool = False) -> Fault:
    fault.__name__ = name
    fault.is_acceptance = is_acceptance
    return fault


def answers(status: int, body: bytes | str = b"", name: str | None = None, **headers: str) -> Fault:
    """`headers` are written with underscores."""
    content = body.encode() if isinstance(body, str) else body
    fields = {"content_type": "application/json"} | headers
    fields = {key.replace("_", "-"): value for key, value in fields.items()}
    accepted = 200 <= status < 300
    return named(name or str(status), lambda exchange: exchange.answer(status, content, fields), accepted)


accepts = answers(200, "{}", "accepts")


def retry_after_date(seconds: int) -> Fault:
    """429 with the date that is so many seconds from the moment of the answer on."""

    def fault(exchange: Exchange):
        date = email.utils.formatdate(time.time() + seconds, usegmt=True)
        exchange.answer(429, b"", {"retry-after": date})

    return named("429 date", fault)


def hangs(exchange: Exchange):
    """No answer until the peer leaves."""
    connection = exchange.handler.connection
    connection.settimeout(0.1)
    while not exchange.collector.stopping.is_set():
        try:
            if not connection.recv(4096):
                break
        except TimeoutError:
            continue
    exchange.end()


def resets(exchange: Exchange):
    connection = exchange.handler.connection
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.end()
    # Past the orderly end that the server would make of it.
    os.close(connection.detach())


def cuts_off(exchange: Exchange):
    """An answer that ends before it is complete."""
    exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
    exchange.end()


OVERSIZED = 64 << 20


def oversized(exchange: Exchange):
    """64 MiB that say how long they are."""
    exchange.end()
    exchange.handler.wfile.write(f"HTTP/1.1 200 OK\r\ncontent-length: {OVERSIZED}\r\n\r\n".encode())
    for _ in range(OVERSIZED >> 20):
        exchange.send(b" " * (1 << 20))


def oversized_in_chunks(exchange: Exchange):
    """64 MiB that do not."""
    exchange.end()
    exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(OVERSIZED >> 20):
        exchange.send(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")


#: 256 MiB of blanks, compressed.
BOMB = gzip.compress(b" " * (256 << 20), compresslevel=9)


def bombs(exchange: Exchange):
    exchange.answer(200, BOMB, {"content-encoding": "gzip", "content-type": "application/json"})


def bombs_as_error(exchange: Exchange):
    exchange.answer(400, BOMB, {"content-encoding": "gzip", "content-type": "application/json"})


def always(fault: Fault) -> Iterable[Fault]:
    return itertools.repeat(fault)
