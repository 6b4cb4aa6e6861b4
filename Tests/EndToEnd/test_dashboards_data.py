# SPDX-License-Identifier: Apache-2.0
"""Every query of the dashboards, asked of a real Prometheus with six synthetic hours of every metric of the catalogue.

The data are made up (harness/synthetic.py), not exported by an agent: this shows that queries match the names, types
and labels of the catalogue, not that an agent sends them. That agents send the catalogue is tested in test_catalog.py.
"""

import importlib.machinery
import importlib.util
import json
import sys
from pathlib import Path

import pytest
from harness import synthetic
from harness.prometheus_server import PrometheusServer

ROOT = Path(__file__).resolve().parents[2]
RANGE = f"{synthetic.MINUTES}m"


def filled(expression, backend=".+"):
    for name, value in (
        ("__rate_interval", "15m"),
        ("__range", RANGE),
        ("job", ".+"),
        ("instance", ".+"),
        ("backend", backend),
    ):
        expression = expression.replace(f"${name}", value)
    return expression


def queries():
    for path in sorted((ROOT / "dashboards" / "mcp-keepalive").glob("*.json")):
        dashboard = json.loads(path.read_text())
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                if "expr" in target:
                    name = f"{path.stem}: {panel['title']} {target['refId']}"
                    yield pytest.param(target["expr"], bool(target.get("instant")), id=name)
        for annotation in dashboard["annotations"]["list"]:
            yield pytest.param(annotation["expr"], False, id=f"{path.stem}: annotation {annotation['name']}")


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    server = PrometheusServer(tmp_path_factory.mktemp("prometheus"))
    try:
        yield server.wait_until_ready()
    finally:
        server.stop()


@pytest.mark.parametrize(("expression", "instant"), queries())
def test_query_returns_data(prometheus, expression, instant):
    result = prometheus.instant(filled(expression)) if instant else prometheus.range(filled(expression))
    values = [value for one in result for _, value in (one["values"] if "values" in one else [one["value"]])]
    assert any(value not in ("NaN", "+Inf", "-Inf") for value in values)


def panel(dashboard, title):
    document = json.loads((ROOT / "dashboards" / "mcp-keepalive" / f"{dashboard}.json").read_text())
    return next(panel for panel in document["panels"] if panel["title"] == title)


def single(prometheus, dashboard, title, backend=".+"):
    (result,) = prometheus.instant(filled(panel(dashboard, title)["targets"][0]["expr"], backend))
    return float(result["value"][1])


def test_the_numbers_tell_the_story(prometheus):
    assert single(prometheus, "fleet", "Agents") == 2
    assert single(prometheus, "fleet", "Active sessions") == 18
    assert single(prometheus, "fleet", "Disabled backends") == 1
    assert single(prometheus, "fleet", "Disabled backends", "database") == 0
    assert single(prometheus, "fleet", "Nearest to expiry") == pytest.approx((60 * 60 + 20) / 4500)
    assert single(prometheus, "fleet", "Lost sessions") == pytest.approx(2, rel=0.1)
    assert 0.01 < single(prometheus, "fleet", "Failure ratio") < 0.1
    assert single(prometheus, "backend", "State") == 2
    assert single(prometheus, "backend", "State", "database") == 0
    assert single(prometheus, "backend", "Without success") == 3620
    assert single(prometheus, "backend", "Without success", "database") == 20
    assert single(prometheus, "agent", "Oldest heartbeat") == 5
    assert single(prometheus, "agent", "Telemetry dropped") > 0


def test_a_table_has_one_line_per_backend(prometheus):
    for target in panel("fleet", "Backends")["targets"]:
        backends = [one["metric"] for one in prometheus.instant(filled(target["expr"]))]
        assert sorted(one["backend"] for one in backends) == sorted(synthetic.BACKENDS), target["expr"]
        assert all(set(one) == {"backend"} for one in backends), "merge needs the same labels in every column"


def test_the_preview_draws_every_panel(prometheus):
    loader = importlib.machinery.SourceFileLoader("preview", str(ROOT / "scripts" / "preview"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    # No compiled copy of it in scripts/.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    for path in sorted((ROOT / "dashboards" / "mcp-keepalive").glob("*.json")):
        dashboard = json.loads(path.read_text())
        preview = module.Preview(prometheus)
        text, height = preview.page(dashboard)
        assert preview.empty == []
        assert text.count('class="panel') == len(dashboard["panels"]) and height > 1000
        assert "Grafana did not draw this" in text
        assert (ROOT / "docs" / "images" / f"dashboard-{path.stem}.png").exists()
