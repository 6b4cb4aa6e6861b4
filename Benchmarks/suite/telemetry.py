# SPDX-License-Identifier: Apache-2.0
"""Encoding against Foundation and the Python SDK, bytes on the wire, and what recording a number takes."""

import json
from pathlib import Path

from .processes import BUILD, PYTHON, run, say
from .spread import table

TITLE = "Telemetry"
ABOUT = """\
On one thread, in processor time; the median of the rounds."""


def measure(rounds: int) -> dict:
    say("telemetry: OpenTelemetry's Python SDK")
    exporter = Path(__file__).parent / "clients" / "opentelemetry_exporter.py"
    rate = run([PYTHON, exporter, rounds]).output.strip()
    say("telemetry: the agent's")
    command = [BUILD / "TelemetryBenchmark", "--rounds", rounds, "--python-exporter", rate]
    return {"rows": json.loads(run(command).output)}


def report(result: dict) -> str:
    rows = [[row["title"].strip(), row["value"], row.get("aim", "")] for row in result["rows"]]
    return table(["", "median", "aim"], rows)
