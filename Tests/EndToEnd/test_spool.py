# SPDX-License-Identifier: Apache-2.0
"""The spool on disk: what the collector does not take outlives the outage, the agent and SIGKILL."""

import gzip
import json
import signal

import pytest
from harness.agent import write_configuration
from harness.faults import hangs
from harness.waiting import wait_until

DEAD = "http://127.0.0.1:1"


@pytest.fixture
def start(scripted, start_agent, tmp_path):
    """Starts an agent that pings every second and spools to `spool`, with this collector."""
    server = scripted()

    def start(endpoint):
        configuration = write_configuration(
            tmp_path,
            f"""
            version: 1
            telemetry: {{ endpoint: '{endpoint}', interval: 1s, spool: {{ directory: spool }} }}
            defaults: {{ interval: 1s }}
            backends: {{ scripted: {{ url: '{server.url}', own_sessions: 1 }} }}
            """,
        )
        return start_agent(configuration)

    start.server = server
    return start


def files(directory, signal_name="traces"):
    return sorted(directory.glob(f"spool/{signal_name}-*.jsonl.gz"))


def spans_on_disk(directory) -> set[str]:
    """Ids of all spans in the spool, read as what it is: lines of OTLP JSON, in gzip but for drafts."""
    drafts = (directory / "spool").glob("traces-*-draft.jsonl")
    texts = [gzip.decompress(file.read_bytes()).decode() for file in files(directory)]
    texts += [draft.read_text() for draft in drafts]
    return {
        span["spanId"]
        for text in texts
        for line in text.splitlines()
        for resource in json.loads(line)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    }


def test_spans_outlive_an_outage_and_sigkill(start, sink, tmp_path):
    agent = start(DEAD)
    wait_until(lambda: agent.require_running() and files(tmp_path), 20, "a batch of spans is on disk")
    pings = start.server.count("ping")
    wait_until(lambda: agent.require_running() and start.server.count("ping") >= pings + 3, 20, "three more pings")
    pings = start.server.count("ping")
    agent.signal(signal.SIGKILL)
    agent.wait(5)
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "spool").iterdir()} == {0o600}
    kept = spans_on_disk(tmp_path)
    # Two spans for each ping, but for the one on its way and one whose spans the agent had no time to write.
    assert len(kept) >= 2 * (pings - 2)

    agent = start(sink.url)
    wait_until(lambda: kept <= {span.span_id.hex() for span in sink.spans()}, 20, "the spans of the first agent arrive")
    wait_until(lambda: not files(tmp_path) and not files(tmp_path, "logs"), 20, "the spool is empty")
    wait_until(
        lambda: (
            sink.points("keepalive_spool_size_bytes", signal="traces") and not sink.total("keepalive_spool_size_bytes")
        ),
        20,
        "the metric shows that it is empty",
    )
    assert set(sink.values("keepalive_spool_dropped_total", by="reason")) == {
        "size", "age", "corrupt", "write_failed", "refused",
    }  # fmt: skip
    assert sink.total("keepalive_spool_dropped_total") == 0
    assert not sink.refused
    ids = [span.span_id for span in sink.spans()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("collector", ["dead", "hanging"])
def test_stopping_without_a_collector_is_in_time_and_loses_nothing(start, faulty, tmp_path, collector):
    agent = start(DEAD if collector == "dead" else f"http://127.0.0.1:{faulty(hangs).port}")
    wait_until(lambda: agent.require_running() and start.server.count("ping") >= 3, 20, "three pings")
    code, seconds = agent.terminate(timeout=20)
    assert (code, seconds < 8) == (0, True), seconds
    # One more may have been on its way: it is then not traced.
    pings = start.server.count("ping")
    assert 2 * (pings - 1) <= len(spans_on_disk(tmp_path)) <= 2 * pings
    assert files(tmp_path, "logs")
    assert not files(tmp_path, "metrics")


def test_a_folder_belongs_to_one_agent(start, sink, scripted, start_agent, tmp_path):
    first = start(sink.url)
    wait_until(lambda: first.require_running() and (tmp_path / "spool" / "lock").exists(), 20, "the folder is there")
    wait_until(lambda: (tmp_path / "spool" / "lock").read_text().strip(), 5, "the folder is locked")
    (tmp_path / "second").mkdir()
    configuration = write_configuration(
        tmp_path / "second",
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', spool: {{ directory: '{tmp_path}/spool' }} }}
        backends: {{ scripted: {{ url: '{scripted().url}', own_sessions: 1 }} }}
        """,
    )
    second = start_agent(configuration)
    message = f"another process ({first.popen.pid}) uses it; every agent needs a folder of its own"
    wait_until(lambda: second.require_running() and message in second.stderr, 10, "the second agent says so")
    assert second.stderr.count(message) == 1
    assert second.terminate(timeout=20)[0] == 0


def test_a_folder_that_cannot_be_used_stops_nothing(start, sink, tmp_path):
    (tmp_path / "spool").write_text("not a folder")
    agent = start(sink.url)
    wait_until(lambda: agent.require_running() and sink.spans(), 20, "spans arrive all the same")
    assert agent.stderr.count("exports go on without it") == 1
