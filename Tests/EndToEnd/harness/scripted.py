# SPDX-License-Identifier: Apache-2.0
"""A small MCP server whose answers a test decides, and which remembers every request."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import canaries
from .loopback import Handler, Loopback


@dataclass
class Request:
    """One request as it came in. `method` is the JSON-RPC method, or the HTTP one where there is no body."""

    method: str
    session: str | None
    headers: dict[str, str]
    message: dict
    at: float = field(default_factory=time.monotonic)

    @property
    def traceparent(self) -> str | None:
        return (self.message.get("params") or {}).get("_meta", {}).get("traceparent")


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


#: A script returns this to leave the request unanswered until the server stops.
HANG = object()
#: A script returns this to close the connection instead of an answer.
CLOSE = object()


def result(request: Request, value: dict | None = None) -> Reply:
    return Reply(body=_message(request, result=value or {}))


def rpc_error(request: Request, code: int, text: str, status: int = 200) -> Reply:
    return Reply(status, _message(request, error={"code": code, "message": text}))


def tool_error(request: Request, text: str) -> Reply:
    return result(request, {"content": [{"type": "text", "text": text}], "isError": True})


def _message(request: Request, **members) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": request.message.get("id"), **members}).encode()


class ScriptedServer:
    """Sessions are as in the specification; a script may answer instead by returning a Reply, HANG or CLOSE."""

    def __init__(self, script: Callable[[Request], object] = lambda _: None, port: int = 0):
        self.script = script
        self.lock = threading.Lock()
        self.requests: list[Request] = []
        self.sessions: set[str] = set()
        self.stopping = threading.Event()
        outer = self

        class Answers(Handler):
            def handle_any(self):
                body = self.read_body()
                reply = outer.answer(self.command, self.headers, body)
                if reply is HANG:
                    outer.stopping.wait()
                if reply in (HANG, CLOSE):
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", reply.content_type)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_POST = do_GET = do_DELETE = do_HEAD = do_OPTIONS = handle_any

        self.server = Loopback(Answers, port)
        self.url = self.server.url + "/mcp"

    def stop(self):
        self.stopping.set()
        self.server.stop()

    def open_session(self) -> str:
        """A session as if somebody had initialized it."""
        session = canaries.secret("session")
        with self.lock:
            self.sessions.add(session)
        return session

    def asked(self, method: str | None = None, session: str | None = None) -> list[Request]:
        with self.lock:
            return [
                request
                for request in self.requests
                if method in (None, request.method) and session in (None, request.session)
            ]

    def count(self, method: str | None = None, session: str | None = None) -> int:
        return len(self.asked(method, session))

    def answer(self, verb: str, headers, body: bytes) -> object:
        try:
            message = json.loads(body) if body else {}
        except ValueError:
            message = {}
        named = {name.lower(): value for name, value in headers.items()}
        request = Request(message.get("method", verb), named.get("mcp-session-id"), named, message)
        with self.lock:
            self.requests.append(request)
        return self.script(request) or self.regular(verb, request)

    def regular(self, verb: str, request: Request) -> Reply:
        if request.method == "initialize":
            about = {"name": "scripted", "version": "1"}
            value = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": about}
            reply = result(request, value)
            reply.headers["mcp-session-id"] = self.open_session()
            return reply
        if verb not in ("POST", "DELETE"):
            return Reply(405)
        with self.lock:
            if request.session is None:
                return rpc_error(request, -32600, "Missing session ID", 400)
            if request.session not in self.sessions:
                return rpc_error(request, -32001, "Session not found", 404)
            if verb == "DELETE":
                self.sessions.remove(request.session)
                return Reply(200)
        if "id" not in request.message:
            return Reply(202)
        if request.method == "tools/list":
            tool = {"name": "peek", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}
            return result(request, {"tools": [tool]})
        if request.method == "tools/call":
            return result(request, {"content": [{"type": "text", "text": "ok"}]})
        return result(request)
