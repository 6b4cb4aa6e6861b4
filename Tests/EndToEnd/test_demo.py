# SPDX-License-Identifier: Apache-2.0
"""The demo needs nothing, ends by itself and shows the metrics."""

from harness.agent import run_command

CORE_METRICS = [
    "keepalive_attempt_count",
    "keepalive_success_count",
    "keepalive_failure_count",
    "keepalive_latency_ms",
    "keepalive_auto_disabled_total",
]


def test_demo_runs_to_its_end(tmp_path):
    done = run_command("demo", cwd=tmp_path, timeout=120)
    assert done.returncode == 0
    assert all(metric in done.stdout for metric in CORE_METRICS)
    assert not list(tmp_path.iterdir()), "the demo leaves nothing behind"
