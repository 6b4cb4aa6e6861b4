# SPDX-License-Identifier: Apache-2.0
"""The agent as people run it, with its local API and its state on disk."""

import http.client
import json
import os
import socket
import subprocess
import time
from pathlib import Path

from .processes import ROOT, Failure, say

#: Its own build: the other programs of the suite are built without what the local API needs.
SCRATCH = ROOT / ".build-bench-agent"
BINARY = SCRATCH / "release" / "mcp-keepalive"
TICKS = os.sysconf("SC_CLK_TCK")


def build():
    say("building the whole agent with optimization (some minutes from nothing)")
    environment = {name: value for name, value in os.environ.items() if name != "MCP_KEEPALIVE_CORE_ONLY"}
    command = ["swift", "build", "--configuration", "release", "--product", "mcp-keepalive", "--scratch-path", SCRATCH]
    # Its talk is no result.
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, stdout=2).returncode != 0:
        raise Failure("the build of the agent failed: see the messages above")


class AgentProcess:
    """`mcp-keepalive run` on a configuration in a folder, which also has its socket and its state."""

    def __init__(self, folder: Path, configuration: str):
        self.folder = folder
        self.socket = folder / "api.sock"
        self.configuration = folder / "mcp-keepalive.yaml"
        self.write(configuration)
        self.log = (folder / "agent.log").open("ab")
        self.began = time.monotonic()
        command = [str(BINARY), "run", "--config", str(self.configuration)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def write(self, configuration: str):
        """Replaces the configuration; the agent finds that out by itself, or is told to reload."""
        new = self.configuration.with_suffix(".new")
        new.write_text(configuration)
        new.rename(self.configuration)

    def wait_until_ready(self) -> float:
        """Seconds from the start of the process until it says that it is ready."""
        while True:
            if self.process.poll() is not None:
                raise Failure(f"the agent ended: {(self.folder / 'agent.log').read_text()[-2000:]}")
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return time.monotonic() - self.began
            except (FileNotFoundError, ConnectionError):
                pass
            time.sleep(0.005)

    def ask(self, method: str, path: str) -> tuple[int, dict]:
        """One request over the socket; its status and what the answer says."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(str(self.socket))
            connection.request(method, path)
            response = connection.getresponse()
            text = response.read()
            # Health is told in plain words.
            is_document = "json" in response.headers.get("Content-Type", "")
            return response.status, json.loads(text) if is_document else {}
        finally:
            connection.close()

    def sessions(self) -> int:
        return sum(backend["sessions"] for backend in self.ask("GET", "/v1/status")[1]["backends"])

    def processor_seconds(self) -> float:
        """User and system time of all threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, name: str) -> int:
        """Bytes: `VmRSS` resident, `VmHWM` at most."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise Failure(f"the kernel does not tell {name}")

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=60) != 0:
            raise Failure(f"the agent ended with {self.process.returncode}: {self.folder / 'agent.log'}")

    def __enter__(self) -> "AgentProcess":
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
