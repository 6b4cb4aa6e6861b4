# SPDX-License-Identifier: Apache-2.0
"""Collectors that misbehave, one agent to each, side by side: what is sent again, what is dropped, what is told.

Whatever happens, keepalives go on in time and memory stays flat.
"""

import contextlib
import itertools
import time
from dataclasses import dataclass, field

import pytest
from harness.agent import Agent, write_configuration
from harness.certificates import Authority, server_context
from harness.fault_collector import (
    LOGS,
    METRICS,
    TRACES,
    FaultCollector,
    always,
    answers,
    bombs,
    bombs_as_error,
    cuts_off,
    hangs,
    oversized,
    oversized_in_chunks,
    resets,
    retry_after_date,
)
from harness.rotel import free_port
from harness.scripted import ScriptedServer
from harness.waiting import wait_until

# What the agent promises, and what a busy machine may add to a wait.
FIRST_BACKOFF, ATTEMPT_TIMEOUT, EXPORT_TIMEOUT, SLACK = (0.5, 1.5), 10, 30, 1.0
# A keepalive that waited for a collector would be late by an attempt's timeout.
LATE = 2.5
REPLY_LIMIT, SOCKET_BUFFERS = 4 << 20, 8 << 20
GROWTH_KIBIBYTES = 24 * 1024
PERMANENT = [400, 401, 401, 403, 404, 408, 500]
QUIET = {
    "204": answers(204),
    "empty": answers(200),
    "null": answers(200, '{"partialSuccess":null}'),
    "202": answers(202, "{}"),
    "no JSON": answers(200, "ok", content_type="text/plain; charset=utf-8"),
    "empty partial": answers(200, '{"partialSuccess":{}}'),
    "zeros": answers(200, '{"partialSuccess":{"rejectedDataPoints":"0","errorMessage":""}}'),
}


@dataclass
class Case:
    """What the collector does, by path."""

    traces: list = field(default_factory=list)
    metrics: list = field(default_factory=list)
    logs: list = field(default_factory=list)
    sessions: int = 1


CASES = {
    "healthy": Case(),
    "429 for 3 seconds": Case(traces=[answers(429, retry_after="3")]),
    "429 until a date": Case(traces=[retry_after_date(4)]),
    "429 beyond the deadline": Case(traces=[answers(429, retry_after="120")]),
    "503 twice": Case(traces=[answers(503), answers(503)]),
    "502 and 504": Case(traces=[answers(502), answers(504)]),
    "503 for ever": Case(traces=always(answers(503))),
    "quiet successes": Case(metrics=list(QUIET.values())),
    "partial successes": Case(
        traces=[answers(200, '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}')],
        metrics=[answers(200, '{"partialSuccess":{"rejectedDataPoints":3,"errorMessage":"odd names"}}')] * 3,
        logs=[answers(200, '{"partialSuccess":{"errorMessage":"soon gone"}}')],
    ),
    "redirects": Case(),
    "refusals": Case(metrics=[answers(status, '{"code":3,"message":"no"}') for status in PERMANENT]),
    "413 twice": Case(traces=[answers(413), answers(413)]),
    "hang": Case(traces=[hangs]),
    "reset": Case(traces=[resets, resets], metrics=[resets, resets]),
    "cut off": Case(traces=[cuts_off]),
    "oversized": Case(traces=[oversized], metrics=[oversized_in_chunks]),
    "bomb": Case(traces=[bombs], metrics=[bombs_as_error, bombs]),
    "expired certificate": Case(),
    "down": Case(sessions=40),
}


@dataclass
class Run:
    server: ScriptedServer
    agent: Agent
    collector: FaultCollector | None
    elsewhere: FaultCollector | None = None
    port: int = 0

    def await_exports(self, path: str, count: int, timeout: float = 30) -> list:
        """The first exports of a signal."""

        def enough():
            self.agent.require_running()
            return len(self.collector.exports(path)) >= count

        wait_until(enough, timeout, f"{count} requests to {path}")
        return self.collector.exports(path)[:count]

    def await_spans(self, export, timeout: float = 20):
        """Waits until the spans of an export were accepted."""
        wait_until(lambda: export.identifiers <= self.accepted_spans(), timeout, "the spans are delivered")

    def was_in_use(self, export) -> bool:
        """Whether the connection of an export had borne another before."""
        return any(
            other.connection == export.connection and other.at < export.at for other in list(self.collector.received)
        )

    def accepted_spans(self) -> set[str]:
        return {span.span_id.hex() for span in self.collector.sink.spans()}

    def told(self, *words: str) -> int:
        """How many lines of the agent's log have all of these words."""
        return sum(all(word in line for word in words) for line in self.agent.stderr.splitlines())

    def require_told(self, times: int, *words: str):
        wait_until(lambda: self.told(*words) >= times, 15, f"the log says {words}")
        assert self.told(*words) == times, self.agent.stderr

    def require_counted(self, count: int, error_type: str, signal: str = "span"):
        """The failures are counted, where the agent exports metrics about its own export."""
        name = f"otel.sdk.exporter.{signal}.exported"
        if self.collector.sink.points(name):
            wanted = {"error.type": error_type}
            wait_until(lambda: self.collector.sink.total(name, **wanted) >= count, 15, f"{name} counts {error_type}")
            assert self.collector.sink.total(name, **wanted) == count


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        yield {name: start(name, case, tmp_path_factory, stack) for name, case in CASES.items()}


def start(name: str, case: Case, tmp_path_factory, stack) -> Run:
    directory = tmp_path_factory.mktemp("collector")
    server = ScriptedServer()
    stack.callback(server.stop)
    collector, elsewhere, tls, port = None, None, "", free_port()
    faults = {TRACES: case.traces, METRICS: case.metrics, LOGS: case.logs}
    if name == "redirects":
        elsewhere = FaultCollector()
        stack.callback(elsewhere.stop)
        statuses = (307, 308, 301)
        moved = [answers(status, location=elsewhere.url + path) for status, path in zip(statuses, faults, strict=True)]
        faults = {path: [fault] for path, fault in zip(faults, moved, strict=True)}
    if name == "expired certificate":
        authority = Authority(directory)
        expired = authority.issue("expired", days=-1)
        collector = FaultCollector(tls=server_context(expired))
        tls = f", tls: {{ ca_file: '{authority.certificate}' }}"
    elif name != "down":
        collector = FaultCollector(faults)
    if collector:
        stack.callback(collector.stop)
    url = collector.url if collector else f"http://localhost:{port}"
    configuration = write_configuration(
        directory,
        f"""
        version: 1
        telemetry: {{ endpoint: '{url}', interval: 2s{tls} }}
        defaults: {{ interval: 1s }}
        backends: {{ steady: {{ url: '{server.url}', own_sessions: {case.sessions} }} }}
        """,
    )
    # A small queue, so that an outage fills it soon.
    agent = Agent(configuration, **({"OTEL_BSP_MAX_QUEUE_SIZE": "512"} if name == "down" else {}))
    stack.callback(agent.stop)
    return Run(server, agent, collector, elsewhere, port)


def gaps(exports) -> list[float]:
    return [later.at - earlier.at for earlier, later in itertools.pairwise(exports)]


def within(gap: float, low: float, high: float) -> bool:
    return low - 0.05 <= gap <= high + SLACK


# What is sent again.


@pytest.mark.parametrize("name, low, high", [("429 for 3 seconds", 3, 3), ("429 until a date", 3, 4)])
def test_the_collector_says_when_to_come_again(runs, name, low, high):
    run = runs[name]
    first, second = run.await_exports(TRACES, 2)
    assert first.body == second.body and within(second.at - first.at, low, high), gaps([first, second])
    run.await_spans(first)
    assert run.told("export of traces") == 0, "one attempt that is repeated is no trouble"


@pytest.mark.parametrize("name", ["503 twice", "502 and 504"])
def test_temporary_failures_are_repeated_with_growing_waits(runs, name):
    run = runs[name]
    exports = run.await_exports(TRACES, 3)
    assert len({export.body for export in exports}) == 1
    low, high = FIRST_BACKOFF
    first, second = gaps(exports)
    assert within(first, low, high) and within(second, 2 * low, 2 * high), (first, second)
    run.await_spans(exports[0])
    run.require_told(1, "export of traces", "works again")
    run.require_told(1, "export of traces", "fails")


@pytest.mark.parametrize("path", [TRACES, METRICS])
def test_a_reset_is_a_reason_to_try_again(runs, path):
    run = runs["reset"]
    exports = run.await_exports(path, 3)
    assert len({export.body for export in exports}) == 1
    assert len({export.connection for export in exports}) == 3
    low, high = FIRST_BACKOFF
    # A connection that was in use before may have been closed meanwhile: libcurl then makes a fresh one at once, and
    # what happens on that one counts.
    waits = [
        gap for export, gap in zip(exports, gaps(exports), strict=False) if gap >= low or not run.was_in_use(export)
    ]
    assert waits, "resets are answered by backing off"
    for doublings, wait in enumerate(waits):
        assert within(wait, 2**doublings * low, 2**doublings * high), gaps(exports)
    if path == TRACES:
        run.await_spans(exports[0])


def test_an_answer_that_is_cut_off_is_a_reason_to_try_again(runs):
    run = runs["cut off"]
    first, second = run.await_exports(TRACES, 2)
    assert first.body == second.body and within(second.at - first.at, *FIRST_BACKOFF)
    assert first.connection != second.connection
    run.await_spans(first)


def test_a_hang_costs_one_attempt(runs):
    run = runs["hang"]
    first, second = run.await_exports(TRACES, 2)
    assert first.body == second.body
    assert within(first.left_after, ATTEMPT_TIMEOUT, ATTEMPT_TIMEOUT), first.left_after
    low, high = FIRST_BACKOFF
    assert within(second.at - first.at, ATTEMPT_TIMEOUT + low, ATTEMPT_TIMEOUT + high)
    run.await_spans(first)
    # Each signal for itself: metrics went on meanwhile.
    during = [export for export in run.collector.exports(METRICS) if first.at < export.at < second.at]
    assert len(during) >= 3


# What is not.


def test_quiet_successes_are_successes(runs):
    run = runs["quiet successes"]
    exports = run.await_exports(METRICS, len(QUIET) + 1)
    assert len({export.body for export in exports}) == len(exports), "a success was sent again"
    assert all(gap < 2 + SLACK for gap in gaps(exports)), gaps(exports)
    assert run.told("export of") == run.told("the collector at") == 0, run.agent.stderr


def test_partial_successes_are_told_and_not_repeated(runs):
    run = runs["partial successes"]
    exports = run.await_exports(TRACES, 2)
    assert exports[0].identifiers.isdisjoint(exports[1].identifiers)
    metrics = run.await_exports(METRICS, 4)
    assert len({export.body for export in metrics}) == 4
    run.require_told(1, "rejected 2 of the traces", "too old")
    run.require_told(1, "rejected 3 of the metrics", "odd names")
    run.require_told(1, "accepted the logs and says", "soon gone")
    run.require_counted(2, "rejected")
    run.require_counted(9, "rejected", "metric_data_point")


def test_refusals_drop_the_batch(runs):
    run = runs["refusals"]
    exports = run.await_exports(METRICS, len(PERMANENT) + 1)
    assert len({export.body for export in exports}) == len(exports), "what was refused was sent again"
    run.require_told(1, "export of metrics", "works again")
    for status in PERMANENT:
        run.require_told(1, "export of metrics", f"fails ({status})")


def test_redirects_are_not_followed(runs):
    run = runs["redirects"]
    for path, status in ((TRACES, 307), (METRICS, 308), (LOGS, 301)):
        run.await_exports(path, 1)
        run.require_told(1, f"export of {path.removeprefix('/v1/')}", f"fails ({status})")
    first, second = run.await_exports(TRACES, 2)
    assert first.identifiers.isdisjoint(second.identifiers), "a redirected batch was sent again"
    run.require_counted(len(first.identifiers), "307")
    assert run.elsewhere.connections == 0 and run.elsewhere.received == []


def test_what_is_too_large_is_divided_once(runs):
    run = runs["413 twice"]
    whole, one, other = run.await_exports(TRACES, 3)
    halves = [one.identifiers, other.identifiers]
    assert len(whole.identifiers) >= 2 and all(halves)
    assert halves[0].isdisjoint(halves[1]) and halves[0] | halves[1] == whole.identifiers
    run.await_spans(other)
    run.await_exports(TRACES, 4)
    assert one.identifiers.isdisjoint(run.accepted_spans()), "a half that is too large as well is dropped"
    run.require_told(1, "export of traces", "fails (413)")
    run.require_counted(len(one.identifiers), "413")


@pytest.mark.parametrize("name, faults", [("oversized", 1), ("bomb", 2)])
def test_endless_answers_are_cut_off(runs, name, faults):
    run = runs[name]
    first, second = run.await_exports(TRACES, 2)
    assert first.identifiers.isdisjoint(second.identifiers), "a batch whose answer is too large was sent again"
    metrics = run.await_exports(METRICS, faults + 1)
    assert len({export.body for export in metrics}) == faults + 1
    for signal in ("traces", "metrics"):
        run.require_told(1, f"export of {signal}", "fails (reply_too_large)")
        run.require_told(1, f"export of {signal}", "works again")
    for export in (first, *metrics[:faults]):
        assert 0 < export.sent <= REPLY_LIMIT + SOCKET_BUFFERS, export.fault
    run.require_counted(len(first.identifiers), "reply_too_large")


def test_an_expired_certificate_is_not_accepted(runs):
    run = runs["expired certificate"]
    for signal in ("traces", "metrics", "logs"):
        run.require_told(1, f"export of {signal}", "fails (tls)")
    wait_until(lambda: len(run.collector.handshake_errors) >= 5, 20, "five handshakes failed")
    assert run.collector.received == []
    assert all("expired" in error for error in run.collector.handshake_errors), run.collector.handshake_errors
    assert run.told("export of metrics") == 1, "told once and not at each export"


# Deadlines.


def test_attempts_end_with_the_deadline_of_the_export(runs):
    run = runs["503 for ever"]
    first = run.await_exports(TRACES, 1)[0]

    def given_up():
        run.agent.require_running()
        return [export for export in run.collector.exports(TRACES) if export.body != first.body]

    wait_until(given_up, EXPORT_TIMEOUT + 15, "the batch is given up and the next one begun")
    attempts = [export for export in run.collector.exports(TRACES) if export.body == first.body]
    assert 3 <= len(attempts) <= 6
    assert attempts[-1].at - first.at < EXPORT_TIMEOUT
    for doublings, gap in enumerate(gaps(attempts)):
        low, high = (2**doublings * wait for wait in FIRST_BACKOFF)
        assert within(gap, low, high), gaps(attempts)
    assert first.identifiers.isdisjoint(given_up()[0].identifiers)
    assert run.accepted_spans() == set()
    run.require_told(1, "export of traces", "fails (503)")
    run.require_counted(len(first.identifiers), "503")


def test_a_collector_that_wants_to_be_left_alone_is(runs):
    run = runs["429 beyond the deadline"]
    first = run.await_exports(TRACES, 1)[0]
    wait_until(lambda: time.monotonic() - first.at > EXPORT_TIMEOUT, EXPORT_TIMEOUT + 5, "the deadline has passed")
    assert len(run.collector.exports(TRACES)) == 1
    assert len(run.collector.exports(METRICS)) >= EXPORT_TIMEOUT / 2 - 2, "metrics go on"
    run.require_told(1, "export of traces", "fails (429)")


# All of them. These come last: by now each agent has been through its fault.


@pytest.mark.parametrize("name", CASES)
def test_keepalives_go_on_and_memory_stays_flat(runs, name):
    run = runs[name]
    run.agent.require_running()
    if name == "down":  # many sessions more than the healthy one has
        baseline = runs["healthy"].agent.memory_kibibytes("VmRSS")
        growth = run.agent.memory_kibibytes("VmHWM") - baseline
        assert growth < GROWTH_KIBIBYTES, growth
        return
    times = [request.at for request in run.server.asked("ping")]
    # Jitter takes a tenth of the interval at most.
    late = max(later - earlier for earlier, later in itertools.pairwise(times)) - 1
    assert len(times) >= 15 and late < LATE, f"a keepalive was {late:.2f} s late"
    growth = run.agent.memory_kibibytes("VmHWM") - runs["healthy"].agent.memory_kibibytes("VmHWM")
    print(f"{name}: {growth} KiB more than the healthy agent, {late:.2f} s late at most")
    assert growth < GROWTH_KIBIBYTES, f"{growth} KiB more than with a healthy collector"


def test_an_outage_is_survived_within_bounds(runs):
    run = runs["down"]
    # Each keepalive has two spans; the queue holds 512, and is full by now.
    wait_until(lambda: run.agent.require_running() and run.server.count("ping") > 400, 60, "the queue is full")
    full = run.agent.memory_kibibytes("VmRSS")
    pings = run.server.count("ping")
    wait_until(lambda: run.agent.require_running() and run.server.count("ping") > pings + 400, 30, "400 pings more")
    grown = run.agent.memory_kibibytes("VmRSS") - full
    print(f"{full} KiB with a full queue, {grown} KiB more 400 pings later")
    assert grown < 2048, f"memory grew by {grown} KiB while the queue was full"
    for signal in ("traces", "metrics", "logs"):
        run.require_told(1, f"export of {signal}", "fails (connect)")
    run.collector = FaultCollector(port=run.port)
    try:
        run.require_told(1, "export of metrics", "works again")
        run.await_exports(TRACES, 2, timeout=40)
        code, seconds = run.agent.terminate()
        assert (code, seconds < 8) == (0, True)
        # Counters say what happened during the outage; spans are what the queue could keep.
        sink = run.collector.sink
        attempts, pings = sink.total("keepalive_attempt_count"), run.server.count("ping")
        # The last ping of each session may have been on its way; one that a busy server did not take is an attempt.
        assert pings - 40 <= attempts and sink.total("keepalive_success_count") <= pings
        assert 0 < len(run.accepted_spans()) < 2 * attempts
        assert run.told("export of metrics") == 2
    finally:
        run.collector.stop()


def test_a_stop_is_in_time_whatever_the_collector_does(runs):
    running = {name: run for name, run in runs.items() if run.agent.running}
    began = time.monotonic()
    for run in running.values():
        run.agent.signal()
    for name, run in running.items():
        code, _ = run.agent.wait(timeout=15)
        assert code == 0, name
    assert time.monotonic() - began < 8
