# SPDX-License-Identifier: Apache-2.0
"""Stands before a real collector: checks and keeps what the agent sends, and passes it on as it came."""

import gzip
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import audit

PASSED_ON = ("content-type", "content-encoding", "user-agent")


class Relay:
    """`sent` has the bodies after inflating, by path."""

    def __init__(self, target: str):
        self.lock = threading.Lock()
        self.sent: list[tuple[str, bytes]] = []
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                audit.check(self.path, self.headers, body)
                plain = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                with relay.lock:
                    relay.sent.append((self.path, plain))
                status, kind, answer = forward(target + self.path, self.headers, body)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def bodies(self, path: str) -> list[bytes]:
        with self.lock:
            return [body for sent, body in self.sent if sent == path]


def forward(url: str, headers, body: bytes) -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, body, {name: headers[name] for name in PASSED_ON if headers.get(name)})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers.get("content-type", ""), response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("content-type", ""), error.read()
    except OSError as error:
        return 502, "text/plain", repr(error).encode()
