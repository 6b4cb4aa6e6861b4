# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus on loopback that scrapes one target and evaluates rules every half second."""

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml

from .processes import Process
from .rotel import free_port
from .waiting import wait_until


def get(url: str, **parameters):
    """The JSON of an answer; parameters are sent as a form."""
    body = urllib.parse.urlencode(parameters).encode() if parameters else None
    try:
        with urllib.request.urlopen(url, data=body, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{url} {parameters}: {error.read().decode()}") from error


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=1):
            return True
    except OSError:
        return False


class PrometheusServer(Process):
    def __init__(self, directory: Path, target: str, rules: str, alertmanager: str):
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        (directory / "rules.yaml").write_text(rules)
        configuration = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "500ms"},
            "rule_files": ["rules.yaml"],
            "alerting": {
                "alertmanagers": [{"static_configs": [{"targets": [urllib.parse.urlsplit(alertmanager).netloc]}]}]
            },
            "scrape_configs": [
                {
                    "job_name": "bridge",
                    "honor_labels": True,
                    "static_configs": [{"targets": [urllib.parse.urlsplit(target).netloc]}],
                }
            ],
        }
        (directory / "prometheus.yaml").write_text(yaml.safe_dump(configuration))
        command = ["prometheus", f"--config.file={directory / 'prometheus.yaml'}"]
        command += [f"--storage.tsdb.path={directory / 'data'}", f"--web.listen-address={address}"]
        command += ["--enable-feature=exemplar-storage", "--rules.alert.resend-delay=1s"]
        super().__init__(command, directory, "prometheus")

    def wait_until_ready(self) -> "PrometheusServer":
        wait_until(lambda: self.require_running() and is_ready(self.url), 30, "Prometheus is ready")
        return self

    def instant(self, query: str, at: float) -> list[dict]:
        return get(f"{self.url}/api/v1/query", query=query, time=at)["data"]["result"]

    def range(self, query: str, start: float, end: float, step: float) -> list[dict]:
        found = get(f"{self.url}/api/v1/query_range", query=query, start=start, end=end, step=step)
        return found["data"]["result"]

    def exemplars(self, query: str, start: float, end: float) -> list[dict]:
        return get(f"{self.url}/api/v1/query_exemplars", query=query, start=start, end=end)["data"]

    def alerts(self) -> list[dict]:
        return get(f"{self.url}/api/v1/alerts")["data"]["alerts"]
