# SPDX-License-Identifier: Apache-2.0
"""A stateful MCP server on the official Python SDK (1.x or 2.x) or on FastMCP, whichever is installed.

    python stateful_server.py --idle 6 [--json] [--no-streams]

Prints one JSON line {"port": ...} on stdout when it is ready. Beside /mcp it serves GET /journal: what it was asked,
in order, so that a test can see what an agent did without asking the agent; and GET /time, its monotonic clock, which
is answered after the requests that came before.
"""

import argparse
import asyncio
import json
import socket
import time

import uvicorn

arguments = argparse.ArgumentParser()
arguments.add_argument("--idle", type=float, required=True, help="seconds after which an idle session is dropped")
arguments.add_argument("--json", action="store_true", help="answer with JSON instead of an event stream")
arguments.add_argument(
    "--no-streams", action="store_true", help="refuse listening streams: a session that has one is never idle"
)
options = arguments.parse_args()
bumps: dict[str, int] = {}


def bump_of(session: str) -> int:
    bumps[session] = bumps.get(session, 0) + 1
    return bumps[session]


def fastmcp_application():
    from fastmcp import Context, FastMCP

    server = FastMCP("stateful")

    @server.tool
    def bump(context: Context) -> int:
        """Counts the calls of one session."""
        return bump_of(context.session_id)

    @server.tool(annotations={"readOnlyHint": True})
    def peek() -> str:
        """Reads without changing anything."""
        return "ok"

    return server.http_app(path="/mcp", json_response=options.json, session_idle_timeout=options.idle)


def official_application():
    from mcp.types import ToolAnnotations

    settings = {"json_response": options.json, "session_idle_timeout": options.idle}
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver import Context

        server = MCPServer("stateful")
    except ImportError:  # 1.x
        from mcp.server.fastmcp import Context, FastMCP

        server, settings = FastMCP("stateful", **settings), {}

    @server.tool()
    def bump(context: Context) -> int:
        """Counts the calls of one session."""
        return bump_of(context.request_context.request.headers["mcp-session-id"])

    @server.tool(annotations=ToolAnnotations(readOnlyHint=True))
    def peek() -> str:
        """Reads without changing anything."""
        return "ok"

    return server.streamable_http_app(**settings)


class Journal:
    """Plain ASGI around the application: records each request with the status of its answer."""

    def __init__(self, application):
        self.application = application
        self.entries: list[dict] = []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        if scope["path"] == "/journal":
            return await self.answer(send, self.entries)
        if scope["path"] == "/time":
            return await self.answer(send, {"time": time.monotonic()})
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        entry = {
            "at": time.monotonic(),
            "http": scope["method"],
            "session": headers.get("mcp-session-id"),
            "headers": headers,
        }
        try:
            request = json.loads(body)
            parameters = request.get("params") or {}
            entry |= {
                "rpc": request.get("method"),
                "tool": parameters.get("name"),
                "client": parameters.get("clientInfo", {}).get("name"),
                "meta": parameters.get("_meta", {}),
            }
        except ValueError:
            entry |= {"rpc": None, "tool": None, "client": None, "meta": {}}
        replayed = False

        async def replay():
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def record(message):
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
                answered = {name.decode().lower(): value.decode() for name, value in message["headers"]}
                entry["issued"] = answered.get("mcp-session-id")
                self.entries.append(entry)
            await send(message)

        if options.no_streams and scope["method"] == "GET":
            return await self.answer(record, None, 405)
        await self.application(scope, replay, record)

    async def answer(self, send, value, status=200):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(value).encode()})


def main():
    try:
        application = fastmcp_application()
    except ImportError:
        application = official_application()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Journal(application), log_level="warning", lifespan="on"))

    async def serve():
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
        await task

    asyncio.run(serve())


main()
