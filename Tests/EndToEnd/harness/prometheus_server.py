# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus on loopback whose history is the synthetic one."""

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from . import synthetic
from .processes import Process
from .rotel import free_port
from .waiting import wait_until


class PrometheusServer(Process):
    """Imports the history with promtool, serves it, and answers queries; `end` is the Unix time of its last samples."""

    def __init__(self, directory: Path):
        self.end = int(time.time())
        history, data = directory / "history.om", directory / "data"
        history.write_text(synthetic.exposition(self.end))
        importing = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(history), str(data)]
        imported = subprocess.run(importing, capture_output=True, text=True, timeout=60)
        history.unlink()
        assert imported.returncode == 0, imported.stderr
        (directory / "prometheus.yaml").write_text("global: {}\n")
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        command = ["prometheus", f"--config.file={directory / 'prometheus.yaml'}", f"--storage.tsdb.path={data}"]
        command += [f"--web.listen-address={address}"]
        super().__init__(command, directory, "prometheus")

    def wait_until_ready(self) -> "PrometheusServer":
        wait_until(lambda: self.require_running() and self._ready(), 30, "Prometheus is ready")
        return self

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=1):
                return True
        except OSError:
            return False

    def _get(self, path: str, **parameters) -> list:
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}", data=body, timeout=30) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters['query']}: {error.read().decode()}") from error

    def instant(self, query: str) -> list[dict]:
        return self._get("query", query=query, time=self.end)

    def range(self, query: str, seconds: int = 60 * synthetic.MINUTES, step: int = 120) -> list[dict]:
        return self._get("query_range", query=query, start=self.end - seconds, end=self.end, step=step)
