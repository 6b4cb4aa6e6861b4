# SPDX-License-Identifier: Apache-2.0
"""A gateway on the official Python SDK that has the sessions of its users kept alive through the local API.

    python sdk_gateway.py --url http://127.0.0.1:8000/mcp --socket api.sock --client examples/local-api/gateway.py ...

Every user has one session at a time and behaves as `--users` says, for `--seconds`. Prints one JSON document: each
session with what became of it, how long calls took, and every call that did not do what it should.
"""

import argparse
import asyncio
import importlib.util
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import Implementation

arguments = argparse.ArgumentParser()
arguments.add_argument("--url", required=True)
arguments.add_argument("--socket", required=True)
arguments.add_argument("--client", required=True, help="the client of the local API")
arguments.add_argument("--backend", required=True)
arguments.add_argument("--users", type=json.loads, required=True, help='how many of each kind, as {"quiet": 60}')
arguments.add_argument("--idle", type=float, required=True, help="idle timeout of the server in seconds")
arguments.add_argument("--seconds", type=float, required=True)
arguments.add_argument("--limit", type=float, required=True, help="seconds that one call may take")
arguments.add_argument("--seed", type=int, required=True)
options = arguments.parse_args()

# In seconds. Quiet users renew after a third at the latest, lapsing ones never.
LEASE, LEASES = 30, {"quiet": 12, "lapsing": 3}


def load_client():
    specification = importlib.util.spec_from_file_location("local_api_client", options.client)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.Keepalive(options.socket, timeout=options.limit)


class Report:
    """What the test is told."""

    def __init__(self):
        self.sessions: list[dict] = []
        self.failures: list[str] = []
        self.times: dict[str, list[float]] = {}

    async def timed(self, what: str, call):
        """The result of a call that has to end in time; None after a failure, which is noted."""
        began = time.monotonic()
        try:
            return await asyncio.wait_for(call, options.limit)
        except Exception as error:
            self.failures.append(f"{what} after {time.monotonic() - began:.2f} s: {error!r}")
        finally:
            self.times.setdefault(what, []).append(time.monotonic() - began)

    def document(self) -> dict:
        times = {what: {"count": len(all_), "slowest": max(all_)} for what, all_ in self.times.items()}
        return {"sessions": self.sessions, "failures": self.failures, "times": times}


class Wire(httpx2.AsyncBaseTransport):
    """What one session sees of the connections that all share; notes the id that the server gives it."""

    def __init__(self, shared: httpx2.AsyncBaseTransport):
        self.shared = shared
        self.session: str | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.shared.handle_async_request(request)
        self.session = response.headers.get("mcp-session-id") or self.session
        return response

    async def aclose(self):
        pass


class BackendSession:
    """One session on the server. The SDK wants it opened and closed in one task, so it has its own."""

    def __init__(self, shared: httpx2.AsyncBaseTransport, is_deleted: bool):
        self.wire, self.is_deleted = Wire(shared), is_deleted
        self.closing = asyncio.Event()
        self.opened = asyncio.get_running_loop().create_future()
        self.bumps = 0
        self.task = asyncio.create_task(self.hold())

    async def hold(self):
        try:
            async with httpx2.AsyncClient(transport=self.wire, headers={"user-agent": "gateway"}) as http:
                transport = streamable_http_client(options.url, http_client=http, terminate_on_close=self.is_deleted)
                async with transport as (read, write):
                    about = Implementation(name="gateway", version="1")
                    async with ClientSession(read, write, client_info=about) as session:
                        await session.initialize()
                        self.opened.set_result(session)
                        await self.closing.wait()
        except Exception as error:
            if not self.opened.done():
                self.opened.set_exception(error)

    async def bump(self):
        """Calls the tool that counts the calls of its session; an error when the session is not what it was."""
        result = await (await self.opened).call_tool("bump", {})
        self.bumps += 1
        if result.is_error or result.content[0].text != str(self.bumps):
            raise RuntimeError(f"call {self.bumps} answered {result.content}")

    async def close(self):
        self.closing.set()
        await self.task


class User:
    """One user: a key at the agent, and a session on the server, from time to time another one."""

    def __init__(self, gateway: "Gateway", kind: str, number: int):
        self.gateway, self.report, self.kind, self.key = gateway, gateway.report, kind, f"{kind}-{number}"
        self.random = random.Random(f"{options.seed} {self.key}")
        self.session: BackendSession | None = None
        self.lease = LEASES.get(kind, LEASE)
        self.entry: dict = {}
        self.past: list[BackendSession] = []

    async def order(self, verb: str, *arguments, **more):
        """A request to the agent, on a thread, for its client blocks."""
        loop = asyncio.get_running_loop()
        function = getattr(self.gateway.keepalive, verb)
        call = loop.run_in_executor(
            self.gateway.threads, lambda: function(options.backend, self.key, *arguments, **more)
        )
        return await self.report.timed(verb, call)

    async def opens(self):
        """A new session on the server; the one from before is left to itself."""
        if self.session:
            self.past.append(self.session)
        self.session = BackendSession(self.gateway.shared, is_deleted=self.kind == "closed")
        await self.report.timed("initialize", asyncio.shield(self.session.opened))
        self.entry = {"kind": self.kind, "key": self.key, "session": self.session.wire.session, "over": None}
        self.report.sessions.append(self.entry)

    async def register(self):
        await self.order("register", self.session.wire.session, self.lease, protocol_version="2025-11-25")

    async def is_over(self, entry: dict, since: float = 0):
        """Notes when the server was asked for the time after an answer, so that it has read all that came before."""
        entry["over"] = max(since, await self.gateway.server_time())

    async def pause(self, shortest: float, longest: float):
        left = self.gateway.ends - time.monotonic()
        await asyncio.sleep(max(0, min(left, self.random.uniform(shortest, longest))))

    @property
    def is_time(self) -> bool:
        return time.monotonic() < self.gateway.ends

    async def live(self):
        await getattr(self, f"live_{self.kind}")()

    async def live_quiet(self):
        """Never calls; only renews."""
        while self.is_time:
            await self.pause(self.lease / 4, self.lease / 3)
            await self.order("renew")

    async def live_busy(self):
        while self.is_time:
            await self.pause(0.3, 3)
            began = datetime.now(UTC)
            await self.report.timed("call", self.session.bump())
            await self.order("renew", began.isoformat().replace("+00:00", "Z"))

    async def live_reinitialized(self):
        while self.is_time:
            await self.pause(2, 6)
            await self.report.timed("call", self.session.bump())
            old = self.entry
            await self.order("suspend")
            await self.is_over(old)
            await self.opens()
            await self.report.timed("call", self.session.bump())
            await self.register()

    async def live_replaced(self):
        while self.is_time:
            await self.pause(2, 6)
            old = self.entry
            await self.opens()
            await self.register()
            await self.is_over(old)
            await self.report.timed("call", self.session.bump())

    async def live_lapsing(self):
        await self.register()
        lapses = time.monotonic() + self.lease
        await asyncio.sleep(self.lease + 1)
        await self.is_over(self.entry, lapses)

    async def live_released(self):
        await self.pause(1, 5)
        await self.order("release")
        await self.is_over(self.entry)

    async def live_closed(self):
        await self.live_released()
        await self.report.timed("close", self.session.close())

    async def end(self):
        """A last call on what was kept alive; one on what was not has to be refused."""
        if self.kind in ("quiet", "busy", "reinitialized", "replaced"):
            await self.report.timed("last call", self.session.bump())
            self.entry["is_kept"] = True
        elif self.kind in ("lapsing", "released"):
            self.entry["is_expired"] = await self.is_refused(self.session)
        for session in self.past:
            if not await self.is_refused(session):
                self.report.failures.append("a session that was replaced is still there")

    async def is_refused(self, session: BackendSession) -> bool:
        try:
            await asyncio.wait_for(session.bump(), options.limit)
        except Exception as error:
            return "Session not found" in str(error)
        return False


class Gateway:
    def __init__(self):
        self.report, self.keepalive, self.threads = Report(), load_client(), ThreadPoolExecutor(16)
        self.shared = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_connections=None))
        self.ends = 0.0

    async def server_time(self) -> float:
        async with httpx2.AsyncClient(transport=Wire(httpx2.AsyncHTTPTransport())) as http:
            return (await http.get(options.url.replace("/mcp", "/time"))).json()["time"]

    async def run(self) -> dict:
        users = [User(self, kind, number) for kind, count in options.users.items() for number in range(count)]
        began = time.monotonic()
        # As users come: not all at once.
        for index in range(0, len(users), 10):
            await asyncio.gather(*(self.begin(user) for user in users[index : index + 10]))
        ready = time.monotonic()
        self.ends = ready + options.seconds
        await asyncio.gather(*(user.live() for user in users))
        # Sessions that were replaced last have to have had the time to expire; the others are kept alive meanwhile.
        rest = time.monotonic() + options.idle + 2
        while time.monotonic() < rest:
            await asyncio.sleep(2)
            kept = [user for user in users if user.kind not in ("lapsing", "released", "closed")]
            await asyncio.gather(*(user.order("renew") for user in kept))
        await asyncio.gather(*(user.end() for user in users))
        return self.report.document() | {"opening": ready - began, "lived": time.monotonic() - ready}

    async def begin(self, user: User):
        await user.opens()
        await user.register()


async def main():
    print(json.dumps(await Gateway().run()), flush=True)
    # What is still open is left to the server.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


asyncio.run(main())
