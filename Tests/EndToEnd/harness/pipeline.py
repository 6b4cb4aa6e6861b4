# SPDX-License-Identifier: Apache-2.0
"""Agents -> rotel -> the bridge -> Prometheus with the scaled rules -> Alertmanager -> a receiver, all on loopback.

Everything but the bridge (a stand-in, see there) and the receiver is the real program.
"""

import contextlib
import json
import threading
import time
from pathlib import Path

from . import audit
from .agent import Agent, write_sessions
from .alertmanager import Alertmanager, Receiver
from .ensemble import Ensemble
from .openmetrics_bridge import Bridge
from .prometheus_server import PrometheusServer
from .relay import Relay
from .rotel import Rotel
from .scripted import ScriptedServer
from .tools import load_script
from .waiting import wait_until

#: One second of a run stands for one minute.
SCALE = 60
#: Seconds for which the bridge keeps what an agent that is gone has sent last. Five would be the default of the real
#: exporter, scaled; these are enough for an alert about old values to come, and to be inhibited.
EXPIRATION = 30
NAMING = ("backend", "instance", "otel_component_type", "signal", "reason", "error_type")


def named(labels: dict[str, str]) -> str:
    """An alert in one line: its name without the prefix, and what it is about."""
    about = [labels[label] for label in NAMING if label in labels]
    return " ".join([labels["alertname"].removeprefix("McpKeepalive"), *about])


class Pipeline(Ensemble):
    """Starts everything and watches the alerts."""

    def __init__(self, directory: Path):
        super().__init__(directory)
        self.firing: set[str] = set()
        self.fired: set[str] = set()
        self.inhibited: set[str] = set()
        self.unchecked: list[tuple] = []
        self.stopping = threading.Event()

    def start(self):
        self.receiver = self.keep(Receiver())
        self.bridge = self.keep(Bridge(EXPIRATION))
        self.alertmanager = self.keep(Alertmanager(self.directory, self.receiver.url, SCALE))
        alerts = load_script("alerts")
        rules = alerts.scaled(alerts.RULES.read_text(), SCALE)
        self.prometheus = self.keep(PrometheusServer(self.directory, self.bridge.url, rules, self.alertmanager.url))
        self.rotel = self.keep(Rotel(self.directory, self.bridge.url))
        for program in (self.alertmanager, self.prometheus, self.rotel):
            program.wait_until_ready()
        self.front = self.relay()
        # Prometheus takes five seconds to find its targets; what happens before would not be seen.
        wait_until(lambda: self.prometheus.instant("up == 1", time.time()), 30, "Prometheus scrapes the bridge", 0.1)
        self.began = time.time()
        watch = threading.Thread(target=self.watch, daemon=True)
        watch.start()
        self.cleanup.callback(watch.join)
        self.cleanup.callback(self.stopping.set)

    def watch(self):
        while not self.stopping.wait(0.25):
            # Both answer or are gone, in which case whoever waits hears of it.
            with contextlib.suppress(OSError):
                alerts = self.prometheus.alerts()
                self.firing = {named(alert["labels"]) for alert in alerts if alert["state"] == "firing"}
                self.fired |= self.firing
                noticed = self.alertmanager.alerts()
                self.inhibited |= {named(alert["labels"]) for alert in noticed if alert["status"]["inhibitedBy"]}

    def notices(self, status: str) -> dict[str, list[float]]:
        """When the receiver was told of which alert with this status."""
        found: dict[str, list[float]] = {}
        for notice in self.receiver.received():
            if notice.status == status:
                found.setdefault(named(notice.labels), []).append(notice.at)
        return found

    def server(self, *arguments, **more) -> ScriptedServer:
        return self.keep(ScriptedServer(*arguments, **more))

    def relay(self) -> Relay:
        return self.keep(Relay(self.rotel.url, self.check_later))

    def check_later(self, *request):
        """Keeps a request for the strict checker, which would take the time that the run has for its own clock."""
        self.unchecked.append(request)

    def check_all(self) -> int:
        """Lets everything that agents sent be checked, in the order of arrival; returns how much that was."""
        requests, self.unchecked = self.unchecked, []
        for request in requests:
            audit.check(*request)
        return len(requests)

    def place(self, name: str) -> Path:
        """The directory of an agent."""
        directory = self.directory / name
        directory.mkdir(exist_ok=True)
        return directory

    def agent(
        self, name: str, backends: dict, sessions=(), endpoint: str = "", spool=None, state_dir=None, **environment
    ) -> Agent:
        """Starts an agent whose instance id is this name; its defaults are real ones, scaled."""
        directory = self.place(name)
        telemetry = {"endpoint": endpoint or self.front.url, "interval": "1s"}
        telemetry["resource"] = {"service.instance.id": name}
        if spool:
            telemetry["spool"] = spool
        configuration = {
            "version": 1,
            "telemetry": telemetry,
            "defaults": {
                "interval": "5s",
                "timeout": "1s",
                "tool_timeout": "1s",
                "probe_after": "30s",
                "jitter": "0%",
            },
            "sessions_file": "sessions.json",
            "backends": backends,
        }
        if state_dir:
            configuration["state_dir"] = state_dir
        write_sessions(directory / "sessions.json", list(sessions))
        path = directory / "mcp-keepalive.yaml"
        path.write_text(json.dumps(configuration, indent=2))
        return self.keep(Agent(path, **{"OTEL_BSP_SCHEDULE_DELAY": "500"} | environment))

    # What a story waits for.

    def until_fired(self, alert: str, timeout: float = 90):
        wait_until(lambda: alert in self.fired, timeout, f"{alert} fires", 0.1)

    def until_told(self, alert: str, timeout: float = 90):
        """Until the receiver has heard of it; what ends before that is never told."""
        self.until_fired(alert, timeout)
        wait_until(lambda: alert in self.notices("firing"), 30, f"the receiver is told of {alert}", 0.1)

    def until_resolved(self, alert: str, timeout: float = 160):
        self.until_told(alert)
        wait_until(lambda: alert not in self.firing, timeout, f"{alert} ends", 0.1)
