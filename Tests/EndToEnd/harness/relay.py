# SPDX-License-Identifier: Apache-2.0
"""Stands before a real collector: checks and keeps what the agent sends, and passes it on as it came."""

import contextlib
import gzip
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from . import audit
from .loopback import Handler, Loopback

#: A trouble: requests get no answer until it is over, and are passed on then.
HANGS = object()
PASSED_ON = ("content-type", "content-encoding", "user-agent")


class Relay:
    """`sent` has the bodies after inflating, by path. `troubles` says for a path what comes instead of an answer of the
    collector: a status, or HANGS. `check` gets each request; it is the strict checker's own unless somebody wants them
    checked later."""

    def __init__(self, target: str, check: Callable = audit.check):
        self.lock = threading.Lock()
        self.sent: list[tuple[str, bytes]] = []
        self.troubles: dict[str, object] = {}
        self.stopping = threading.Event()
        relay = self

        class Answers(Handler):
            def do_POST(self):
                body = self.read_body()
                plain = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                with relay.lock:
                    relay.sent.append((self.path, plain))
                while relay.troubles.get(self.path) is HANGS and not relay.stopping.wait(0.05):
                    pass
                trouble = relay.troubles.get(self.path)
                check(self.path, self.headers, body, trouble is None)
                answer = forward(target + self.path, self.headers, body) if trouble is None else (trouble, "", b"")
                with contextlib.suppress(OSError):  # who waited for long may have left
                    self.answer(*answer)

        self.server = Loopback(Answers)
        self.url = self.server.url

    def stop(self):
        self.stopping.set()
        self.server.stop()

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
