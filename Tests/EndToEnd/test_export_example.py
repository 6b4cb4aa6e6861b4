# SPDX-License-Identifier: Apache-2.0
"""The example program of the library: whatever it records must arrive, once and with the right values."""

import subprocess
from pathlib import Path

from harness import audit
from harness.agent import BINARY
from harness.sink import attributes_of

# What the checker asks of the agent alone: its resource, its name and its catalogue.
ASKED_OF_THE_AGENT = (".resource: ", "does not name the exporter", "a metric without a description")
EXAMPLE = BINARY.with_name("ExportExample")


def test_the_example_exports_every_signal(sink):
    done = subprocess.run([EXAMPLE, sink.url], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sink.refused == []
    lines = [line for mistake in audit.take_mistakes() for line in mistake.splitlines() if line.startswith(("$", "/"))]
    assert [line for line in lines if not any(words in line for words in ASKED_OF_THE_AGENT)] == []
    [span] = sink.spans()
    assert (span.name, attributes_of(span)) == ("brew", {"tea.kind": "oolong"})
    assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
    [record] = sink.log_records()
    assert (record.body.string_value, record.event_name, record.severity_number) == ("tea is ready", "tea.ready", 10)
    assert (record.trace_id, record.span_id) == (span.trace_id, span.span_id), "logged during the span"
    assert attributes_of(record)["code.file.path"] == "ExportExample/ExportExample.swift"
    [timer] = sink.points("brew.duration")
    assert (timer.count, timer.sum) == (1, 0.25)


def test_the_example_ends_in_time_and_says_why_when_there_is_no_collector():
    done = subprocess.run([EXAMPLE, "http://127.0.0.1:1"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert "export of traces to http://127.0.0.1:1/v1/traces fails (connect)" in done.stdout


def test_the_example_is_as_short_as_it_is_said_to_be():
    source = Path(__file__).resolve().parents[2] / "examples/ExportExample/ExportExample.swift"
    assert len(source.read_text().splitlines()) < 30
