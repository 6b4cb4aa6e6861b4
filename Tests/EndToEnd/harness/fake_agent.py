# SPDX-License-Identifier: Apache-2.0
"""The local API of an agent that does nothing: canned answers on a Unix socket, changed by whoever tests with it."""

import contextlib
import copy
import datetime
import json
import os
import queue
import socket
import socketserver
import threading
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from .loopback import Handler

#: What `answer` returns to leave a request without an answer until the server stops.
HANG = object()


def at(seconds: float = 0) -> str:
    """A time so many seconds from now, as the API writes it."""
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def backend(name: str, state: str = "active", **more) -> dict:
    view = {
        "name": name,
        "url": f"http://127.0.0.1:9000/{name}/mcp",
        "state": state,
        "method": "ping",
        "fallback_active": False,
        "interval_seconds": 300.0,
        "sessions": 0,
        "active_sessions": 0,
        "paused_sessions": 0,
        "in_flight": 0,
        "attempts": 0,
        "successes": 0,
        "failures": {},
        "consecutive_failures": 0,
    }
    return view | more


def some_backends() -> list[dict]:
    """One of each kind; the times are those of the moment."""
    return [
        backend(
            "playwright",
            url="http://127.0.0.1:8931/mcp",
            sessions=12,
            active_sessions=12,
            attempts=312,
            successes=312,
            latency_p95_ms=2.4,
            ttl_seconds=1800.0,
            last_success=at(-60),
            next=at(240),
        ),
        backend(
            "warehouse-db",
            "disabled",
            url="https://mcp.internal/db",
            reason="timeout",
            sessions=3,
            attempts=21,
            successes=18,
            failures={"timeout": 3},
            consecutive_failures=3,
            last_success=at(-1500),
            disabled_since=at(-1260),
            next=at(540),
        ),
        backend(
            "editor",
            "held_by_operator",
            reason="operator",
            sessions=1,
            attempts=4000,
            successes=3960,
            failures={"http_5xx": 30, "timeout": 10},
            latency_p95_ms=1234.0,
            next=at(1500),
        ),
        backend(
            "notebooks-of-the-data-science-team-in-zürich",
            method="tool:list_kernels",
            fallback_active=True,
            sessions=7,
            paused_sessions=2,
            attempts=99,
            successes=97,
            failures={"unauthorized": 2},
            latency_p95_ms=87.3,
            next=at(4),
        ),
        backend("search", "off", method="none", reason="none"),
    ]


def session(name: str, key: str | None = None, state: str = "active", **more) -> dict:
    view = {"backend": name, "source": "api" if key else "own", "state": state, "last_activity": at(-120)}
    view |= {"session": f"{abs(hash((name, key))) % 16**8:08x}", "next_keepalive": at(180)}
    if key:
        view |= {"key": key, "lease_expires_at": at(290)}
    return view | more


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.connections: set[socket.socket] = set()

    def process_request(self, request, client_address):
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def break_off(self):
        """What the end of a process does to its connections."""
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        """Clients may leave at any time."""


class FakeAgent:
    """`backends` and `sessions` are what it tells; `refuse` replaces the answer to everything."""

    def __init__(self, path: Path):
        self.path = path
        self.backends = some_backends()
        self.sessions = [session("playwright", "alice"), session("playwright", "bob"), session("warehouse-db")]
        self.pages = 1000
        self.version = "0.1.0"
        self.configuration = {"file": "/etc/mcp-keepalive/mcp-keepalive.yaml", "loaded_at": at(-720)}
        self.telemetry = {"state": "ok", "endpoint": "http://127.0.0.1:4318", "last_success": at(-4), "dropped": 0}
        self.storage = {"state": "ok", "directory": "/var/lib/mcp-keepalive"}
        self.started_at = at(-8040)
        #: (status, code, detail), HANG, or bytes that are no JSON.
        self.refuse = None
        #: The same for reloads only.
        self.reload_problem = None
        self.reload_warnings: list[str] = []
        self.probe = {"succeeded": True, "latency_ms": 2.4}
        self.requests: list[tuple[str, str, bytes]] = []
        self.resumed: list[str | None] = []
        self.events: list[dict] = []
        self.streams: list[queue.Queue] = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.start()

    # How it runs

    def start(self):
        outer = self

        class Answers(Handler):
            def address_string(self):
                return "unix"

            def handle_any(self):
                outer.serve(self)

            do_GET = do_POST = do_DELETE = do_PUT = handle_any

        self.stopping = threading.Event()
        self.path.unlink(missing_ok=True)
        self.server = _Server(str(self.path), Answers)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """Ends it as a process that dies would: connections and streams break off."""
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.server.break_off()
        with self.lock:
            for stream in self.streams:
                stream.put(None)
            self.streams = []
        self.path.unlink(missing_ok=True)

    def asked(self, method: str, path: str) -> list[bytes]:
        """The bodies of the requests to a path."""
        with self.lock:
            return [body for verb, target, body in self.requests if (verb, target) == (method, path)]

    def emit(self, kind: str, name: str, identifier: str = "", **more):
        """An event, to everybody who follows, and for those who come back when it has an id."""
        event = {"id": identifier, "kind": kind, "time": at(), "backend": name} | more
        with self.lock:
            if identifier:
                self.events.append(event)
            for stream in self.streams:
                stream.put(event)

    # What it answers

    def serve(self, handler: Handler):
        body = handler.read_body()
        url = urlsplit(handler.path)
        with self.lock:
            self.requests.append((handler.command, handler.path, body))
        answer = self.refuse
        parts = [unquote(part) for part in url.path.split("/")[1:]]
        if answer is None and parts == ["v1", "events"]:
            self.stream(handler, parse_qs(url.query)["kinds"][0].split(","))
            return
        if answer is None:
            answer = self.answer(handler.command, parts, parse_qs(url.query), body)
        if answer is HANG:
            self.stopping.wait()
            handler.close_connection = True
        elif isinstance(answer, bytes):
            handler.answer(200, "text/html", answer)
        elif isinstance(answer, tuple):
            status, code, detail = answer
            problem = {"type": f"urn:mcp-keepalive:problem:{code}", "title": code, "status": status}
            problem |= {"code": code, "detail": detail}
            handler.answer(status, "application/problem+json", json.dumps(problem).encode())
        elif answer is None:
            handler.answer(204, "application/json", b"")
        else:
            handler.answer(200, "application/json", json.dumps(answer).encode())

    def answer(self, verb: str, parts: list[str], query: dict, body: bytes):
        match [verb, *parts[1:]]:
            case ["GET", "status"]:
                return {
                    "version": self.version,
                    "pid": os.getpid(),
                    "started_at": self.started_at,
                    "now": at(),
                    "configuration": self.configuration,
                    "telemetry": self.telemetry,
                    "storage": self.storage,
                    "backends": self.backends,
                }
            case ["GET", "backends"]:
                return {"backends": self.backends}
            case ["GET", "sessions"]:
                return self.page(query)
            case ["POST", "reload"]:
                report = {"added": ["new"], "changed": ["editor"], "removed": [], "untouched_sessions": 15}
                return self.reload_problem or report | {"warnings": self.reload_warnings}
            case [verb, "backends", name, *rest]:
                view = next((view for view in self.backends if view["name"] == name), None)
                if view is None:
                    return (404, "no_such_backend", f"there is no backend '{name}'")
                return self.answer_about(view, verb, rest, body)
        return (404, "no_such_path", "there is nothing here")

    def answer_about(self, view: dict, verb: str, rest: list[str], body: bytes):
        match [verb, *rest]:
            case ["POST", "probe"]:
                if view["state"] == "off":
                    return (409, "backend_off", "keepalive is off for this backend")
                return {"backend": view} | self.probe
            case ["POST", "enable"]:
                view |= {"state": "active", "consecutive_failures": 0, "next": at(3)}
                view.pop("reason", None)
                return view
            case ["POST", "disable"]:
                seconds = json.loads(body or b"{}").get("for_seconds")
                view["state"] = "held_by_operator"
                view["reason"] = "operator"
                view["next"] = at(seconds) if seconds else None
                return {name: value for name, value in view.items() if value is not None}
            case [verb, "sessions", key]:
                found = [
                    entry for entry in self.sessions if (entry["backend"], entry.get("key")) == (view["name"], key)
                ]
                if not found:
                    return (404, "no_such_session", f"there is no session '{key}'")
                if verb == "DELETE":
                    self.sessions.remove(found[0])
                    return None
                return found[0]
        return (405, "method_not_allowed", "this cannot be done here")

    def page(self, query: dict) -> dict:
        name = query.get("backend", [None])[0]
        listed = [entry for entry in self.sessions if name in (None, entry["backend"])]
        start = int(query.get("after", ["0"])[0])
        size = min(self.pages, int(query["limit"][0]))
        page = {"sessions": listed[start : start + size]}
        return page | {"next": str(start + size)} if start + size < len(listed) else page

    def stream(self, handler: Handler, kinds: list[str]):
        last = handler.headers.get("last-event-id")
        mine: queue.Queue = queue.Queue()
        with self.lock:
            known = [event["id"] for event in self.events]
            missed = copy.copy(self.events[known.index(last) + 1 :]) if last in known else []
            self.resumed.append(last)
            self.streams.append(mine)
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b": here\n\n")
        handler.wfile.flush()
        for event in missed:
            mine.put(event)
        while (event := mine.get()) is not None:
            if event["kind"] in kinds or event["kind"] == "reset":
                identifier = f"id: {event['id']}\n" if event["id"] else ""
                handler.wfile.write(f"{identifier}event: {event['kind']}\ndata: {json.dumps(event)}\n\n".encode())
                handler.wfile.flush()
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)
