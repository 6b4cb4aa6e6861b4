# SPDX-License-Identifier: Apache-2.0
"""A real Alertmanager on loopback with the routes and inhibitions of the example, and what it notifies somebody of."""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .loopback import Handler, Loopback
from .processes import Process
from .prometheus_server import get, is_ready
from .rotel import free_port
from .tools import ROOT, load_script
from .waiting import wait_until

EXAMPLE = ROOT / "alerts" / "alertmanager.example.yaml"
PROMQL = load_script("promql.py")


@dataclass
class Notice:
    """One alert of one notification."""

    status: str
    labels: dict[str, str]
    at: float = field(default_factory=time.time)


class Receiver:
    """The webhook that notifications go to."""

    def __init__(self):
        self.lock = threading.Lock()
        self.notices: list[Notice] = []
        receiver = self

        class Answers(Handler):
            def do_POST(self):
                alerts = json.loads(self.read_body())["alerts"]
                with receiver.lock:
                    receiver.notices += [Notice(alert["status"], alert["labels"]) for alert in alerts]
                self.answer(200, "text/plain", b"")

        self.server = Loopback(Answers)
        self.url, self.stop = self.server.url, self.server.stop

    def received(self) -> list[Notice]:
        with self.lock:
            return list(self.notices)


def configuration(webhook: str, scale: float) -> str:
    """The example with its times divided and its receiver filled in."""
    text = re.sub(
        r"(group_wait|group_interval|repeat_interval): (\w+)",
        lambda match: f"{match[1]}: {PROMQL.shortened(match[2], scale)}",
        EXAMPLE.read_text(),
    )
    document = yaml.safe_load(text)
    (receiver,) = document["receivers"]
    receiver["webhook_configs"] = [{"url": webhook, "send_resolved": True}]
    return yaml.safe_dump(document, sort_keys=False)


class Alertmanager(Process):
    def __init__(self, directory: Path, webhook: str, scale: float):
        (directory / "alertmanager.yaml").write_text(configuration(webhook, scale))
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        command = ["prometheus-alertmanager", f"--config.file={directory / 'alertmanager.yaml'}"]
        command += [f"--storage.path={directory / 'alertmanager'}", f"--web.listen-address={address}"]
        super().__init__([*command, "--cluster.listen-address="], directory, "alertmanager")

    def wait_until_ready(self) -> "Alertmanager":
        wait_until(lambda: self.require_running() and is_ready(self.url), 30, "Alertmanager is ready")
        return self

    def alerts(self) -> list[dict]:
        return get(f"{self.url}/api/v2/alerts")
