# SPDX-License-Identifier: Apache-2.0
"""An agent in the midst of its work, for captures: backends of several kinds, and sessions of a gateway."""

import contextlib
import io
import time

from .agent import Agent, write_configuration
from .ensemble import Ensemble
from .local_api import LocalApi
from .loopback import Handler, Loopback
from .scripted import HANG, Reply, ScriptedServer, result, rpc_error
from .waiting import wait_until

USERS = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"]


class Collector(Handler):
    """Takes everything and keeps nothing."""

    def do_POST(self):
        self.read_body()
        self.answer(200, "application/json", b"{}")


class Showcase(Ensemble):
    """All of it is on loopback."""

    def __exit__(self, kind, *rest):
        # What the agent said is of interest where something went wrong.
        with contextlib.nullcontext() if kind else contextlib.redirect_stdout(io.StringIO()):
            super().__exit__(kind, *rest)

    def start(self):
        self.playwright = self.keep(ScriptedServer(self.browser))
        self.warehouse = self.keep(ScriptedServer(lambda request: HANG if request.method == "ping" else None))
        self.editor = self.keep(ScriptedServer(self.slow))
        notebooks, search = self.keep(ScriptedServer(self.tools_only)), self.keep(ScriptedServer())
        configuration = write_configuration(
            self.directory,
            f"""
            version: 1
            telemetry: {{ endpoint: '{self.keep(Loopback(Collector)).url}', interval: 5s }}
            state_dir: state
            api: {{ listen: "off", socket: api.sock }}
            backends:
              playwright: {{ url: '{self.playwright.url}', interval: 4s, probe_after: 10s, session_ttl: 30s }}
              warehouse-db:
                url: '{self.warehouse.url}'
                own_sessions: 3
                interval: 2s
                timeout: 1s
                probe_after: 30m
              editor: {{ url: '{self.editor.url}', own_sessions: 1, interval: 5s }}
              notebooks-of-the-data-science-team:
                url: '{notebooks.url}'
                own_sessions: 4
                interval: 3s
                fallback_tool: {{ name: list_kernels }}
              search: {{ url: '{search.url}', keepalive_method: none }}
            """,
        )
        self.agent = self.keep(Agent(configuration, MCP_KEEPALIVE_API=""))
        self.api = LocalApi(self.directory / "api.sock")
        wait_until(lambda: self.agent.require_running() and self.is_ready(), 20, "the agent is ready")
        self.sessions = {user: self.playwright.open_session() for user in USERS}
        for user, session in self.sessions.items():
            self.api.put("playwright", user, session, lease_seconds=900)

    def is_ready(self) -> bool:
        try:
            return self.api.ask("GET", "/readyz").status == 200
        except (FileNotFoundError, ConnectionError):
            return False

    def work(self, seconds: float, say):
        """Lets the agent work for a while, until there is something to see."""
        end = time.monotonic() + seconds
        self.until("warehouse-db", "disabled")
        wait_until(lambda: self.editor.count("ping") >= 2, 30, "keepalives of the editor")
        self.api.ask("POST", "/v1/backends/editor/disable", {"for_seconds": 1800})
        while (rest := end - time.monotonic()) > 0:
            self.agent.require_running()
            say(f"the agent works; it is shown in {rest:.0f} s")
            time.sleep(min(10, rest))

    def happen(self):
        """What is seen below the table: a session is lost, another suspended, and a backend is not well after all."""
        user = next(iter(self.sessions))
        lost = self.sessions.pop(user)
        with self.playwright.lock:
            self.playwright.sessions.discard(lost)
        other = list(self.sessions)[-1]
        self.api.ask("POST", self.api.session("playwright", other, "/suspend"), {"seconds": 120})
        self.api.ask("POST", "/v1/backends/warehouse-db/enable")
        self.until("warehouse-db", "active")
        self.until("warehouse-db", "disabled")

    def until(self, backend: str, state: str):
        def states():
            return {one["name"]: one["state"] for one in self.api.ask("GET", "/v1/status").json["backends"]}

        wait_until(lambda: states()[backend] == state, 60, f"{backend} is {state}")

    # How the backends answer.

    @staticmethod
    def browser(_):
        time.sleep(0.002)

    @staticmethod
    def slow(request):
        time.sleep(0.9)
        return Reply(503, b"busy", "text/plain") if request.method == "ping" and int(request.at) % 5 == 0 else None

    @staticmethod
    def tools_only(request):
        time.sleep(0.08)
        if request.method == "ping":
            return rpc_error(request, -32601, "Method not found")
        if request.method == "tools/list":
            return result(request, {"tools": [{"name": "list_kernels", "inputSchema": {"type": "object"}}]})
        return None
