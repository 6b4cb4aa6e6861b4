# SPDX-License-Identifier: Apache-2.0
"""What the benchmark suite makes of its measurements; that it measures is seen when scripts/bench runs."""

import sys
import xml.etree.ElementTree as ElementTree

import pytest
from harness.processes import ROOT

sys.path.insert(0, str(ROOT / "Benchmarks"))
from suite import growth, guards, soak, spread, verdicts  # noqa: E402

LIMITS = {name: entry["limit"] for name, entry in guards.thresholds().items()}


def test_every_limit_is_explained():
    assert set(LIMITS) == {
        "instructions", "allocations", "instructions_with_spans", "allocations_with_spans", "system_calls",
        "bytes_per_session",
    }  # fmt: skip
    assert all(entry["margin"] for entry in guards.thresholds().values())


@pytest.mark.parametrize("name", LIMITS)
def test_a_count_over_its_limit_is_found(name):
    assert guards.check(LIMITS) == []
    (problem,) = guards.check(LIMITS | {name: LIMITS[name] * 1.01 + 0.001})
    assert problem.startswith(f"{name}: ")


def test_a_limit_that_guards_nothing_is_found():
    (problem,) = guards.check(LIMITS | {"instructions": LIMITS["instructions"] / 2})
    assert problem.endswith("lower the limit, so that it guards this")


def test_counts_are_read_from_callgrind(tmp_path):
    path = tmp_path / "callgrind.out-02"
    path.write_text(
        "fn=one\n1 5\ncfn=swift_slowAlloc\ncalls=3 0\n1 30\ncfn=malloc\ncalls=9 0\n1 9\n"
        "fn=two\ncfn=swift_slowAlloc\ncalls=4 0\n1 40\nsummary: 1234\n"
    )
    assert guards._read(path) == (1234, 7)


def cost(**microseconds) -> dict:
    return {
        name: {"rounds": [value] * 3, "microseconds": spread.spread([value])} for name, value in microseconds.items()
    }


def test_a_missed_goal_has_a_reason():
    names = {"wrk": 8, "agent, no spans": 40, "agent, spans exported": 48, "aiohttp": 240, "Python mcp SDK": 2600}
    measured = cost(**names)
    goals = verdicts.rows({"cost": {"JSON": measured, "event streams": measured}})
    found = {goal["measure"]: goal for goal in goals}
    share = found["CPU of a keepalive, as a share of wrk's rate per CPU-second"]
    assert (share["found"], share["must met"]) == ("0.200", False)
    assert found["times cheaper than aiohttp, JSON"]["must met"]
    assert found["telemetry on adds, %"]["aim met"]
    text = verdicts.report(goals)
    assert "**missed**" in text and "enough" in text and "reached" in text
    assert all(goal["remark"] for goal in goals if not goal["must met"])


def census(**changes) -> dict:
    seen = {"sessions": 10, "longestGapMilliseconds": 300_500, "longestSilenceMilliseconds": 299_000} | changes
    return {"sessions": 10, "intervalSeconds": 300, "census": seen}


def test_a_session_that_was_missed_is_noticed():
    assert soak.missed(census()) == 0
    assert soak.missed(census(sessions=8)) == 2
    assert soak.missed(census(longestGapMilliseconds=302_000)) == 1
    assert soak.missed(census(longestSilenceMilliseconds=302_000)) == 1


def test_the_plot_is_a_picture():
    picture = growth.plot({"sessions": {1000: 20.0, 1_000_000: 25.0}, "backends": {1: 20.0, 1000: 30.0}})
    assert len(ElementTree.fromstring(picture).findall("{http://www.w3.org/2000/svg}circle")) == 4


def test_tables_are_markdown():
    assert spread.table(["a", "b"], [["x", 1]]) == "| a | b |\n|---|---:|\n| x | 1 |"
