# SPDX-License-Identifier: Apache-2.0
"""The catalogue is what the documentation shows and what a running agent emits, no more and no less."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from harness.agent import require_binary, run_command, write_configuration
from harness.faults import answers_with, hangs
from harness.waiting import wait_until

ROOT = Path(__file__).parents[2]

# Entries of the catalogue that an agent does not emit here, and why.
NEVER = {
    "mcp.client.session.duration": "no session of its own has ended before the last export",
    "keepalive_session_ttl_seconds": "no TTL is known",
    "keepalive_spool_size_bytes": "no spool is configured",
    "keepalive_spool_dropped_total": "no spool is configured",
    "keepalive_storage_degraded": "no state_dir is configured",
}


@pytest.fixture(scope="module")
def catalogue():
    lines = run_command("telemetry", "catalog", cwd=ROOT).stdout.splitlines()
    return {kind: {line.split()[1] for line in lines if line.startswith(kind + " ")} for kind in ("metric", "event")}


def test_the_document_is_up_to_date():
    environment = {**os.environ, "MCP_KEEPALIVE_BINARY": str(require_binary())}
    subprocess.run([sys.executable, ROOT / "scripts" / "document", "--check"], check=True, env=environment)


@pytest.mark.parametrize(
    "document, name", [("telemetry.md", "`keepalive_attempt_count`"), ("configuration.md", "`failure_threshold`")]
)
def test_a_stale_document_is_noticed(tmp_path, document, name):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "docs").mkdir()
    script = tmp_path / "scripts" / "document"
    script.write_text((ROOT / "scripts" / "document").read_text())
    for other in ("telemetry.md", "configuration.md"):
        text = (ROOT / "docs" / other).read_text()
        (tmp_path / "docs" / other).write_text(text.replace(name, "`other`") if other == document else text)
    environment = {**os.environ, "MCP_KEEPALIVE_BINARY": str(require_binary())}
    done = subprocess.run([sys.executable, script, "--check"], env=environment, capture_output=True, text=True)
    assert (done.returncode, f"{document} is stale" in done.stderr) == (1, True)


def test_exactly_the_metrics_of_the_catalogue_are_emitted(catalogue, scripted, sink, start_agent, tmp_path):
    server = scripted()
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', interval: 1s }}
        defaults: {{ interval: 1s }}
        backends: {{ scripted: {{ url: '{server.url}', own_sessions: 1 }} }}
        """,
    )
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and server.count("ping") >= 2, 20, "two pings")
    exports = len(sink.received("/v1/metrics"))
    wait_until(lambda: len(sink.received("/v1/metrics")) >= exports + 2, 20, "exports after them")
    emitted = {
        metric.name
        for message in sink.received("/v1/metrics")
        for resource in message.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert emitted - catalogue["metric"] == set(), "emitted, but not in the catalogue"
    assert catalogue["metric"] - emitted == set(NEVER), "in the catalogue, but never emitted"


@pytest.fixture
def check(tmp_path):
    def run(endpoint):
        configuration = write_configuration(
            tmp_path, f"version: 1\ntelemetry: {{ endpoint: '{endpoint}' }}\nbackends: {{}}\n"
        )
        return run_command("telemetry", "check", "-c", configuration, cwd=tmp_path)

    return run


def test_a_collector_that_accepts_is_said_to(check, sink):
    done = check(sink.url)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["✓", "traces"], ["✓", "metrics"], ["✓", "logs"],
    ]  # fmt: skip


def test_a_collector_that_is_not_there_is_said_to_be_unreachable(check):
    done = check("http://127.0.0.1:1")
    assert done.returncode == 69
    assert done.stdout.count("✗") == 3
    assert done.stdout.count("Connection refused") == 3


@pytest.mark.parametrize(
    "status, words",
    [
        ("404 Not Found", "no OTLP/HTTP receiver at this path"),
        ("401 Unauthorized", "credentials refused"),
        ("307 Temporary Redirect", "redirects are not followed"),
        ("415 Unsupported Media Type", "does not take OTLP JSON"),
        ("503 Service Unavailable", "takes nothing right now"),
    ],
)
def test_what_a_collector_refuses_is_told_in_words(check, faulty, status, words):
    done = check(f"http://127.0.0.1:{faulty(answers_with(status)).port}")
    assert done.returncode == 69
    assert done.stdout.count(words) == 3


def test_what_a_collector_rejects_in_part_is_told(check, faulty):
    counts = '"rejectedSpans":"1","rejectedDataPoints":"1","rejectedLogRecords":"1"'
    partial = '{"partialSuccess":{' + counts + ',"errorMessage":"no"}}'
    done = check(f"http://127.0.0.1:{faulty(answers_with('200 OK', partial, 'application/json')).port}")
    assert done.returncode == 69
    assert done.stdout.count("the collector rejected 1: no") == 3


def test_a_collector_that_hangs_does_not_hold_up_the_check(check, faulty):
    done = check(f"http://127.0.0.1:{faulty(hangs).port}")
    assert done.returncode == 69
