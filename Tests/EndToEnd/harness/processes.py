# SPDX-License-Identifier: Apache-2.0
"""Processes that a test starts and always stops, by their own handle."""

import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(os.environ.get("MCP_KEEPALIVE_TOOLS", ROOT / ".tools"))


class Process:
    """A running program; what it writes goes to files, so that a full pipe never stops it."""

    def __init__(self, command: list, directory: Path, name: str, environment: dict[str, str] | None = None):
        self.name = name
        self.stdout_path, self.stderr_path = directory / f"{name}.out", directory / f"{name}.err"
        with open(self.stdout_path, "wb") as out, open(self.stderr_path, "wb") as err:
            self.popen = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=directory,
                env=environment,
            )

    @property
    def stdout(self) -> str:
        return self.stdout_path.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        return self.stderr_path.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def require_running(self) -> bool:
        assert self.running, f"{self.name} ended with {self.popen.returncode}:\n{self.stderr[-4000:]}"
        return True

    def signal(self, number: int = signal.SIGTERM):
        self.popen.send_signal(number)

    def wait(self, timeout: float) -> tuple[int, float]:
        """Exit code and the seconds that it took from now on."""
        started = time.monotonic()
        try:
            code = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {timeout:g} s:\n{self.stderr[-4000:]}") from None
        return code, time.monotonic() - started

    def terminate(self, timeout: float = 8) -> tuple[int, float]:
        self.signal()
        return self.wait(timeout)

    def stop(self):
        """Ends it whatever state it is in, and shows what it said: pytest prints that for failed tests only."""
        if self.running:
            self.popen.terminate()
            try:
                self.popen.wait(3)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        print(f"--- {self.name} exited with {self.popen.returncode}\n{self.stdout[-8000:]}\n{self.stderr[-8000:]}")
