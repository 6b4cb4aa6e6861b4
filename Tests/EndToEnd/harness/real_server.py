# SPDX-License-Identifier: Apache-2.0
"""A real MCP server: one released SDK in an environment of its own, running servers/stateful_server.py."""

import json
import urllib.request
from pathlib import Path

from . import canaries
from .processes import ROOT, TOOLS, Process
from .waiting import wait_until

# Name of the parameter, environment, arguments.
KINDS = {
    "mcp-2.3.0-event-stream": ("mcp-2.3.0", []),
    "mcp-2.3.0-json": ("mcp-2.3.0", ["--json"]),
    "mcp-1.30.0": ("mcp-1.30.0", []),
    "fastmcp-4.1.2": ("fastmcp-4.1.2", []),
}

SCRIPTS = ROOT / "Tests" / "EndToEnd" / "servers"


def sdk_python(environment: str) -> Path:
    """The interpreter that has a released SDK."""
    python = TOOLS / environment / "bin" / "python"
    assert python.exists(), f"{python} is missing: run scripts/environments"
    return python


class RealServer(Process):
    def __init__(self, kind: str, directory: Path, idle: float, *more: str):
        environment, arguments = KINDS[kind]
        script = SCRIPTS / "stateful_server.py"
        super().__init__([sdk_python(environment), script, "--idle", idle, *arguments, *more], directory, kind)
        self.port: int | None = None

    def wait_until_ready(self) -> "RealServer":
        def first_line():
            self.require_running()
            return self.stdout.endswith("\n") and self.stdout

        self.port = json.loads(wait_until(first_line, 60, f"{self.name} is ready").splitlines()[0])["port"]
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    def journal(self) -> list[dict]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/journal", timeout=20) as response:
            return json.load(response)

    def opened_by(self, client: str) -> list[str]:
        """The ids of the sessions that a client of this name has initialized."""
        entries = [entry for entry in self.journal() if entry["client"] == client and entry["status"] == 200]
        return [canaries.know(entry["issued"]) for entry in entries]
