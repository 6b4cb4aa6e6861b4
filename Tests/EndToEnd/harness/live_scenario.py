# SPDX-License-Identifier: Apache-2.0
"""What agents and backends go through in a live run, and which alerts are to come of it.

One second stands for one minute. Every story runs in a thread of its own. A story of a backend first yields the
settings of its backend on the one agent `gateway`; the other stories start agents of their own. The alerts of a story
are named as in `pipeline.named`: the alert, then what it is about.
"""

import itertools
import resource
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass

from .agent import attached, write_sessions
from .pipeline import Pipeline
from .relay import HANGS, Relay
from .scripted import CLOSE, HANG, Reply, ScriptedServer, result, rpc_error, tool_error
from .waiting import wait_until, wait_until_quiet

TRACES, METRICS, LOGS = "/v1/traces", "/v1/metrics", "/v1/logs"
LIMIT = 420
BACKENDS: list["Story"] = []
AGENTS: list["Story"] = []


@dataclass
class Story:
    """`alerts` arrive at the receiver and end; `hidden` fire too, and are kept from it by the alert beside them."""

    tell: object
    alerts: tuple[str, ...]
    hidden: dict[str, str]

    @property
    def name(self) -> str:
        return self.tell.__name__


def story(stories: list, *alerts: str, hidden: dict[str, str] | None = None):
    def told(tell):
        stories.append(Story(tell, alerts, hidden or {}))
        return tell

    return told


class Run:
    """The whole scenario on one pipeline, and what is to be known of it afterwards."""

    def __init__(self, pipeline: Pipeline):
        self.pipeline = pipeline
        self.servers: dict[str, ScriptedServer] = {}
        self.moments: dict[str, float] = {}
        self.problems: list[str] = []

    def say(self, text: str):
        print(f"{time.time() - self.pipeline.began:6.1f} s  {text}", file=sys.stderr, flush=True)

    def mark(self, name: str):
        """Names this moment."""
        self.moments[name] = time.time()
        self.say(f"-- {name}")

    def serve(self, name: str, script=lambda _: None, **more) -> ScriptedServer:
        self.servers[name] = self.pipeline.server(script, **more)
        return self.servers[name]

    def play(self):
        """Every story to its end; fails with all that went wrong, and after LIMIT in any case."""
        gateway = {one.name: one.tell(self) for one in BACKENDS}
        backends = {name: next(steps) for name, steps in gateway.items()}
        self.gateway = self.pipeline.agent("gateway", backends)
        parts = {name: lambda steps=steps: list(steps) for name, steps in gateway.items()}
        parts |= {one.name: lambda tell=one.tell: tell(self) for one in AGENTS}
        threads = [threading.Thread(target=self.part, args=pair, daemon=True, name=pair[0]) for pair in parts.items()]
        deadline = time.monotonic() + LIMIT
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
        late = [thread.name for thread in threads if thread.is_alive()]
        problems = self.problems + [f"{name} is not over after {LIMIT} s" for name in late]
        assert not problems, "\n\n".join([*problems, f"firing are {sorted(self.pipeline.firing)}"])
        assert self.gateway.terminate(20)[0] == 0
        expected = {alert for one in BACKENDS + AGENTS for alert in one.alerts}
        wait_until(
            lambda: expected <= set(self.pipeline.notices("resolved")),
            60,
            f"the receiver hears of the end of all of {sorted(expected)}",
        )
        wait_until(lambda: not self.pipeline.firing, 30, "nothing fires")
        self.mark("end")

    def part(self, name: str, tell):
        began = time.monotonic()
        try:
            tell()
        except BaseException as error:
            self.problems.append(f"{name}: {error!r}")
            self.say(f"{name} FAILED: {error!r}")
        else:
            self.say(f"{name} is over after {time.monotonic() - began:.0f} s")

    def until_exported(self, relay: Relay, more: int):
        count = len(relay.bodies(METRICS)) + more
        wait_until(lambda: len(relay.bodies(METRICS)) >= count, 30, f"{more} exports of metrics")

    def until_asked(self, server: ScriptedServer, method: str, count: int, timeout: float = 60):
        wait_until(lambda: server.count(method) >= count, timeout, f"{count} calls of {method}")


def on(method: str, reply):
    """A script that answers one method."""
    return lambda request: reply(request) if request.method == method else None


def broken(request) -> Reply:
    return Reply(500, b"oops", "text/plain")


# Backends of the agent `gateway`.


@story(
    BACKENDS,
    "BackendAutoDisabled outage connect",
    "RecoveryOverdue outage gateway",
    "SessionsLost outage expired_while_disabled",
)
def outage(run: Run):
    """Is away when others have recovered, stays so for longer than two probes, and comes back without its sessions."""
    server = run.serve("outage")
    yield {"url": server.url, "own_sessions": 2, "interval": "2s", "probe_after": "4s"}
    run.pipeline.until_resolved("LatencyHigh slow")
    server.script = lambda request: CLOSE
    server.stop()
    run.pipeline.until_told("RecoveryOverdue outage gateway", 160)
    run.mark("outage")
    port = server.server.port
    run.serve("outage", port=port)
    run.pipeline.until_resolved("SessionsLost outage expired_while_disabled")


@story(
    BACKENDS,
    "Failing failing",
    "BackendAutoDisabled failing http_5xx",
    hidden={"FailureRatioHigh failing": "Failing failing"},
)
def failing(run: Run):
    """Fails from the start until it is disabled, and is well again when it is probed."""
    server = run.serve("failing", on("ping", broken))
    yield {
        "url": server.url, "own_sessions": 1, "interval": "1s", "failure_threshold": 20, "probe_after": "15s",
    }  # fmt: skip
    run.pipeline.until_told("BackendAutoDisabled failing http_5xx")
    run.mark("failing")
    server.script = lambda _: None
    run.pipeline.until_resolved("BackendAutoDisabled failing http_5xx")


@story(BACKENDS, "FailureRatioHigh shaky")
def shaky(run: Run):
    """Every other ping fails, each time in another way."""
    ways = [
        lambda request: CLOSE,
        lambda request: Reply(418, b"no", "text/plain"),
        broken,
        lambda request: rpc_error(request, -32603, "Internal error"),
        lambda request: Reply(200, b"{nonsense"),
        lambda request: Reply(200),
        lambda request: Reply(200, b" " * 300_000),
    ]
    calls: dict[str, int] = {}

    def script(request):
        # A call that is repeated because its connection was closed is the same call.
        number = calls.setdefault(request.message["id"], len(calls))
        return ways[number // 2 % len(ways)](request) if number % 2 else None

    server = run.serve("shaky", on("ping", script))
    yield {"url": server.url, "own_sessions": 1, "interval": "1s"}
    run.pipeline.until_told("FailureRatioHigh shaky")
    wait_until(lambda: len(calls) > 2 * len(ways), 60, "every way to fail")
    server.script = lambda _: None
    run.pipeline.until_resolved("FailureRatioHigh shaky")


@story(BACKENDS, "LatencyHigh slow")
def slow(run: Run):
    """Takes three quarters of its timeout, and once longer than that."""

    def script(request):
        if server.count("ping") == 3:
            return HANG
        time.sleep(1.5)

    server = run.serve("slow", on("ping", script))
    yield {"url": server.url, "own_sessions": 1, "interval": "3s", "timeout": "2s"}
    run.pipeline.until_told("LatencyHigh slow")
    run.mark("slow")
    server.script = lambda _: None
    run.pipeline.until_resolved("LatencyHigh slow")


@story(BACKENDS, "FallbackActive tooled", "BackendAutoDisabled tooled tool_error")
def tooled(run: Run):
    """Has no ping, so that its tool is called; then the tool fails, and the probe finds that there is a ping now."""
    server = run.serve("tooled", on("ping", lambda request: rpc_error(request, -32601, "Method not found")))
    yield {
        "url": server.url, "own_sessions": 1, "interval": "2s", "probe_after": "5s", "fallback_tool": {"name": "peek"},
    }  # fmt: skip
    run.pipeline.until_told("FallbackActive tooled")
    run.pipeline.until_told("RecoveryOverdue outage gateway", 160)
    server.script = on("tools/call", lambda request: tool_error(request, "crashed"))
    run.pipeline.until_resolved("FallbackActive tooled")
    run.pipeline.until_resolved("BackendAutoDisabled tooled tool_error")


@story(BACKENDS, "BackendFlapping flapping", "BackendAutoDisabled flapping http_5xx")
def flapping(run: Run):
    """Fails a single call again and again, which is enough to disable it, and answers every probe."""
    calls = itertools.count(1)
    server = run.serve("flapping", on("ping", lambda request: next(calls) in (16, 32, 48) and broken(request)))
    yield {
        "url": server.url, "own_sessions": 5, "interval": "1s", "failure_threshold": 1, "probe_after": "4s",
    }  # fmt: skip
    run.pipeline.until_resolved("BackendFlapping flapping")


@story(BACKENDS, "SessionNearExpiry throttled gateway")
def throttled(run: Run):
    """Asks to be left alone for longer than its sessions live, so that they come close to their end."""
    asks = Reply(429, headers={"retry-after": "14"})
    server = run.serve("throttled", on("ping", lambda _: server.count("ping") == 6 and asks))
    yield {"url": server.url, "own_sessions": 1, "interval": "2s", "session_ttl": "12s", "probe_after": "20s"}
    run.pipeline.until_resolved("SessionNearExpiry throttled gateway")


@story(BACKENDS, "SessionsLost forgetful expired_despite_keepalive")
def forgetful(run: Run):
    """Drops one of its sessions although it is called in time."""
    server = run.serve("forgetful")
    yield {"url": server.url, "own_sessions": 6, "interval": "2s"}
    run.until_asked(server, "ping", 12)
    with server.lock:
        server.sessions.pop()
    run.pipeline.until_resolved("SessionsLost forgetful expired_despite_keepalive")


@story(BACKENDS, "SessionsPaused locked")
def locked(run: Run):
    """Refuses the credential of one session, then forbids it to go on, then all is well."""
    refusals = [401, 403]

    def script(request):
        first = server.asked("ping")[0].session
        if server.count("ping", first) > 2 and request.session == first and refusals:
            return Reply(refusals.pop(0))

    server = run.serve("locked", on("ping", script))
    yield {"url": server.url, "own_sessions": 4, "interval": "2s", "probe_after": "9s"}
    run.pipeline.until_resolved("SessionsPaused locked")


@story(BACKENDS, "SessionsUnopened unopened")
def unopened(run: Run):
    """Lets nobody in until somebody has heard of it."""
    server = run.serve("unopened", on("initialize", broken))
    yield {"url": server.url, "own_sessions": 2, "interval": "2s", "failure_threshold": 1000}
    run.pipeline.until_told("SessionsUnopened unopened")
    server.script = lambda _: None
    run.pipeline.until_resolved("SessionsUnopened unopened")


@story(BACKENDS)
def crowded(run: Run):
    """Has more sessions than its own limit of requests allows for at once, but enough for their interval."""
    server = run.serve("crowded")
    yield {"url": server.url, "own_sessions": 9, "interval": "3s", "max_requests_per_second": 4}
    run.until_asked(server, "ping", 60)


# Agents of their own.


@story(AGENTS)
def steady(run: Run):
    """A healthy agent, as most are: it must never have an alert."""
    server = run.serve("steady")
    sessions = [attached("steady", server.open_session()) for _ in range(3)]
    agent = run.pipeline.agent("steady", {"steady": {"url": server.url, "session_ttl": "30s"}}, sessions)
    run.pipeline.until_resolved("BackendFlapping flapping")
    # Sessions that left the file get no more calls: what is counted then is all that there was.
    write_sessions(run.pipeline.place("steady") / "sessions.json", [])
    wait_until_quiet(lambda: server.count("ping"), 6, 30, "pings of sessions that left the file")
    assert agent.terminate(20)[0] == 0


@story(
    AGENTS,
    "BackendAutoDisabled nowhere dns",
    "BackendAutoDisabled plaintext tls",
    "BackendAutoDisabled moved redirect",
)  # fmt: skip
def mistaken(run: Run):
    """Three wrong URLs; the operator corrects them, starts the agent again, and later stops it for good."""
    server, redirecting = run.serve("mistaken"), run.serve("moved")
    redirecting.script = on("ping", lambda request: Reply(307, headers={"location": server.url}))
    sessions = [attached(name, server.open_session()) for name in ("nowhere", "plaintext", "moved")]
    urls = {
        "nowhere": "http://nowhere.invalid/mcp",
        "plaintext": server.url.replace("http:", "https:"),
        "moved": redirecting.url,
    }
    more = {"interval": "2s", "failure_threshold": 1}
    agent = run.pipeline.agent("mistaken", {name: {"url": url, **more} for name, url in urls.items()}, sessions)
    alerts = mistaken_alerts()
    for alert in alerts:
        run.pipeline.until_told(alert)
    assert agent.terminate(20)[0] == 0
    agent = run.pipeline.agent("mistaken", {name: {"url": server.url, **more} for name in urls}, sessions)
    for alert in alerts:
        run.pipeline.until_resolved(alert)
    assert agent.terminate(20)[0] == 0


def mistaken_alerts() -> tuple[str, ...]:
    return next(one.alerts for one in AGENTS if one.name == "mistaken")


@story(AGENTS, "AgentAbsent fragile", hidden={"Stalled rare fragile": "AgentAbsent fragile"})
def fragile(run: Run):
    """Is killed, and started again later. What its last values say goes stale meanwhile."""
    server = run.serve("rare")
    backends = {"rare": {"url": server.url, "interval": "10s", "own_sessions": 1}}
    agent = run.pipeline.agent("fragile", backends)
    # Right after a ping the next one is far away, so that the absence is told before the delay.
    run.until_asked(server, "ping", 1)
    exported = run.pipeline.prometheus
    query = 'keepalive_next_due_timestamp_seconds{instance="fragile"} - time() > 4'
    wait_until(lambda: exported.instant(query, time.time()), 30, "Prometheus knows when the next ping is due")
    agent.signal(signal.SIGKILL)
    agent.wait(5)
    run.pipeline.until_told("AgentAbsent fragile")
    run.mark("absent")
    run.pipeline.until_fired("Stalled rare fragile")
    wait_until(lambda: "Stalled rare fragile" in run.pipeline.inhibited, 30, "Stalled is inhibited")
    run.pipeline.agent("fragile", backends)
    run.pipeline.until_resolved("AgentAbsent fragile")


@story(AGENTS, "Stalled narrow stuck")
def stuck(run: Run):
    """Is held back by a limit that does not let its sessions have their keepalives; the operator raises it."""
    server = run.serve("narrow")
    backend = {"url": server.url, "interval": "2s"}
    sessions = [attached("narrow", server.open_session()) for _ in range(4)]
    agent = run.pipeline.agent("stuck", {"narrow": backend | {"max_requests_per_second": 0.2}}, sessions)
    run.pipeline.until_told("Stalled narrow stuck")
    assert agent.terminate(20)[0] == 0
    agent = run.pipeline.agent("stuck", {"narrow": backend}, sessions)
    run.pipeline.until_resolved("Stalled narrow stuck")
    assert agent.terminate(20)[0] == 0


@story(AGENTS, "ConfigReloadFailed edited")
def edited(run: Run):
    """Gets a configuration file with a mistake in it, goes on by the one before, and then gets a good one."""
    server = run.serve("edited")
    run.pipeline.agent("edited", {"edited": {"url": server.url, "own_sessions": 1, "interval": "2s"}})
    run.until_asked(server, "ping", 1)
    path = run.pipeline.place("edited") / "mcp-keepalive.yaml"
    good = path.read_text()
    path.write_text(good.replace('"url"', '"urll"'))
    run.pipeline.until_told("ConfigReloadFailed edited")
    run.mark("edited")
    run.until_asked(server, "ping", server.count("ping") + 1)
    path.write_text(good)
    run.pipeline.until_resolved("ConfigReloadFailed edited")
    assert server.count("initialize") == 1


@story(AGENTS, "StorageDegraded blocked")
def blocked(run: Run):
    """Cannot write its state while somebody holds the database, and goes on from memory."""
    server = run.serve("blocked")
    own = {"url": server.url, "own_sessions": 1, "interval": "2s"}
    run.pipeline.agent("blocked", {"blocked": own}, state_dir="state")
    run.until_asked(server, "ping", 1)
    with closing(sqlite3.connect(run.pipeline.place("blocked") / "state" / "state.sqlite")) as database:
        database.execute("BEGIN IMMEDIATE")
        run.pipeline.until_told("StorageDegraded blocked")
        run.mark("blocked")
        run.until_asked(server, "ping", server.count("ping") + 1)
    run.pipeline.until_resolved("StorageDegraded blocked")


@story(AGENTS, "LocalResource cramped", "FailureRatioHigh cramped")
def cramped(run: Run):
    """May open no more files for a while, with a backend that wants a connection for each call."""
    server = run.serve("cramped")

    server.script = on("ping", lambda request: Reply(200, result(request).body, headers={"connection": "close"}))
    agent = run.pipeline.agent("cramped", {"cramped": {"url": server.url, "own_sessions": 8, "interval": "2s"}})
    run.until_asked(server, "ping", 40)
    soft, hard = resource.prlimit(agent.popen.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(agent.popen.pid, resource.RLIMIT_NOFILE, (3, hard))
    run.pipeline.until_told("LocalResource cramped")
    run.pipeline.until_told("FailureRatioHigh cramped")
    resource.prlimit(agent.popen.pid, resource.RLIMIT_NOFILE, (soft, hard))
    run.pipeline.until_resolved("LocalResource cramped")
    run.pipeline.until_resolved("FailureRatioHigh cramped")


@story(AGENTS, "TelemetryDropped refused 400")
def refused(run: Run):
    """The collector refuses its traces and log records, and one export of its metrics."""
    server, relay = run.serve("refused"), run.pipeline.relay()
    relay.troubles |= dict.fromkeys((TRACES, LOGS), 400)
    run.pipeline.agent("refused", {"refused": {"url": server.url, "own_sessions": 1}}, endpoint=relay.url)
    # Not the first, without which nobody sees that the count of refused points was 0 before.
    run.until_exported(relay, 3)
    relay.troubles[METRICS] = 400
    run.until_exported(relay, 1)
    del relay.troubles[METRICS]
    run.pipeline.until_told("TelemetryDropped refused 400")
    relay.troubles.clear()
    run.pipeline.until_resolved("TelemetryDropped refused 400")


@story(AGENTS, "SpoolDropped spooling traces size")
def spooling(run: Run):
    """The collector takes no traces for so long that the spool, the smallest that there is, runs over."""
    server, relay = run.serve("spooling"), run.pipeline.relay()
    sessions = [attached("spooling", server.open_session()) for _ in range(30)]
    run.pipeline.agent(
        "spooling",
        {"spooling": {"url": server.url, "interval": "1s"}},
        sessions,
        endpoint=relay.url,
        spool={"directory": "spool", "max_size": "1MiB"},
        OTEL_BSP_SCHEDULE_DELAY="50",
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="1",
    )
    run.until_asked(server, "ping", 30)
    relay.troubles[TRACES] = 503
    run.pipeline.until_told("SpoolDropped spooling traces size")
    run.mark("spool")
    relay.troubles.clear()
    # So many requests were needed to fill it; from now on they would only keep the machine busy.
    write_sessions(run.pipeline.place("spooling") / "sessions.json", sessions[:1])
    run.pipeline.until_resolved("SpoolDropped spooling traces size")


@story(
    AGENTS,
    "TelemetryQueueNearFull hanging batching_span_processor",
    "TelemetryQueueNearFull hanging batching_log_processor",
    "TelemetryDropped hanging queue_full",
)  # fmt: skip
def hanging(run: Run):
    """The collector says nothing to its traces and log records, until the queues run over."""
    server, relay = run.serve("hanging"), run.pipeline.relay()
    relay.troubles |= dict.fromkeys((TRACES, LOGS), HANGS)
    run.pipeline.agent(
        "hanging",
        {"hanging": {"url": server.url, "own_sessions": 6, "interval": "2s"}},
        endpoint=relay.url,
        OTEL_BSP_MAX_QUEUE_SIZE="20",
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="5",
        OTEL_EXPORTER_OTLP_TRACES_TIMEOUT="60000",
        OTEL_BSP_EXPORT_TIMEOUT="60000",
        OTEL_BLRP_MAX_QUEUE_SIZE="2",
        OTEL_BLRP_MAX_EXPORT_BATCH_SIZE="1",
        OTEL_EXPORTER_OTLP_LOGS_TIMEOUT="60000",
        OTEL_BLRP_EXPORT_TIMEOUT="60000",
    )
    for processor in ("span", "log"):
        run.pipeline.until_told(f"TelemetryQueueNearFull hanging batching_{processor}_processor")
    run.mark("queue")
    run.pipeline.until_told("TelemetryDropped hanging queue_full")
    relay.troubles.clear()
    for processor in ("span", "log"):
        run.pipeline.until_resolved(f"TelemetryQueueNearFull hanging batching_{processor}_processor")
    run.pipeline.until_resolved("TelemetryDropped hanging queue_full")
