# SPDX-License-Identifier: Apache-2.0
"""The agent under test, as a user runs it."""

import json
import os
import subprocess
import textwrap
from pathlib import Path

from . import audit, canaries
from .processes import ROOT, Process

# A credential for the collector, which every agent and every command has, unless a test gives another one.
COLLECTOR_HEADERS = "x-harness=" + canaries.secret("collector-header")

BINARY = Path(os.environ.get("MCP_KEEPALIVE_BINARY", ROOT / ".build" / "debug" / "mcp-keepalive")).resolve()


def require_binary() -> Path:
    assert BINARY.exists(), f"{BINARY} does not exist: run 'swift build' or set MCP_KEEPALIVE_BINARY"
    return BINARY


def clean_environment(**extra: str) -> dict[str, str]:
    """What the agent gets to see: nothing of the developer's that would change what it does."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")}
    # Agents side by side would want the same address.
    return kept | {"MCP_KEEPALIVE_API": "off", "OTEL_EXPORTER_OTLP_HEADERS": COLLECTOR_HEADERS} | extra


def run_command(*arguments, cwd: Path, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess:
    """Runs one command to its end; output as text."""
    done = subprocess.run(
        [str(require_binary()), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=cwd,
        env=clean_environment(**environment),
    )
    print(f"$ mcp-keepalive {' '.join(map(str, arguments))} -> {done.returncode}\n{done.stdout}{done.stderr}")
    audit.look(f"mcp-keepalive {arguments}", done.stdout + done.stderr)
    return done


def write_configuration(directory: Path, text: str, name: str = "mcp-keepalive.yaml") -> Path:
    path = directory / name
    path.write_text(textwrap.dedent(text).lstrip("\n"))
    return path


def write_sessions(path: Path, sessions: list[dict]):
    """Replaces the sessions file as its users must: by an atomic rename."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(json.dumps({"sessions": sessions}))
    temporary.replace(path)


def attached(backend: str, session: str, **more) -> dict:
    return {"backend": backend, "session_id": session, "protocol_version": "2025-11-25", **more}


class Agent(Process):
    """`mcp-keepalive run` in a directory of its own, which logs all there is; no secret is in that."""

    def __init__(self, configuration: Path, *arguments: str, **environment: str):
        if "--log-level" not in arguments:
            arguments = ("--log-level", "debug", *arguments)
        command = [require_binary(), "run", "-c", configuration, *arguments]
        super().__init__(command, configuration.parent, "agent", clean_environment(**environment))

    def stop(self):
        super().stop()
        audit.look("the agent", self.stdout + self.stderr)

    def memory_kibibytes(self, field: str) -> int:
        """VmRSS or VmHWM."""
        for line in Path(f"/proc/{self.popen.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise AssertionError(f"no {field}")
