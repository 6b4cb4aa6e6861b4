# SPDX-License-Identifier: Apache-2.0
"""Backends that hang, drip, stream for ever, bomb or redirect cost their deadline and 256 KiB, and nobody else."""

import itertools
from types import SimpleNamespace

import pytest
from harness.agent import attached, write_configuration, write_sessions
from harness.faults import bombs, drips, hangs, redirects_to, streams_for_ever
from harness.waiting import wait_until

TIMEOUT, INTERVAL, ROUNDS = 2, 3, 3
# What fits in socket buffers on the way is not the agent's.
BODY_LIMIT, BUFFERS = 256 * 1024, 8 * 1024 * 1024


@pytest.fixture
def aftermath(scripted, faulty, sink, start_agent, tmp_path):
    """Every fault at once beside a healthy backend, for some rounds."""
    healthy, elsewhere = scripted(), scripted()
    faults = {
        "hanging": faulty(hangs),
        "dripping": faulty(drips),
        "endless": faulty(streams_for_ever),
        "bombing": faulty(bombs),
        "redirecting": faulty(redirects_to(elsewhere.url)),
    }
    backends = "".join(f"          {name}: {{ url: '{server.url}' }}\n" for name, server in faults.items())
    configuration = write_configuration(
        tmp_path,
        f"""
        version: 1
        telemetry: {{ endpoint: '{sink.url}', interval: 1s }}
        defaults: {{ interval: {INTERVAL}s, timeout: {TIMEOUT}s, failure_threshold: 100 }}
        sessions_file: sessions.json
        backends:
          healthy: {{ url: '{healthy.url}', interval: 1s }}
"""
        + backends,
    )
    path = tmp_path / "sessions.json"
    session = healthy.open_session()
    write_sessions(path, [attached("healthy", session)])
    agent = start_agent(configuration)
    wait_until(lambda: agent.require_running() and healthy.count("ping") >= 2, 20, "the healthy backend is pinged")
    calm = agent.memory_kibibytes("VmRSS")
    write_sessions(path, [attached("healthy", session), *(attached(name, "some-session") for name in faults)])
    for name in ("hanging", "dripping", "endless", "bombing"):
        wait_until(
            lambda name=name: agent.require_running() and faults[name].requests >= ROUNDS, 60, f"{name}: {ROUNDS} calls"
        )
    wait_until(lambda: faults["redirecting"].requests >= 1, 10, "the redirecting backend is called")
    wait_until(
        lambda: sink.total("keepalive_failure_count", backend="hanging") >= ROUNDS - 1, 20, "failures are exported"
    )
    grown = agent.memory_kibibytes("VmHWM") - calm
    code, seconds = agent.terminate()
    visits = [visit for server in faults.values() for visit in server.visits if visit.requests]
    wait_until(lambda: all(visit.seconds is not None for visit in visits), 5, "every server saw its peer leave")
    return SimpleNamespace(
        healthy=healthy, elsewhere=elsewhere, faults=faults, sink=sink, grown=grown, code=code, seconds=seconds
    )


def test_bad_backends_harm_nobody_else(aftermath):
    assert aftermath.code == 0 and aftermath.seconds < 8
    the_healthy_backend_noticed_nothing(aftermath)
    each_call_cost_its_deadline_at_most(aftermath)
    each_failure_has_its_reason(aftermath)
    assert aftermath.grown < 32 * 1024, f"memory grew by {aftermath.grown} KiB"
    assert aftermath.elsewhere.count() == 0, "a redirect was followed"
    assert aftermath.faults["redirecting"].requests == 1, "a redirect opens the breaker at once"


def the_healthy_backend_noticed_nothing(aftermath):
    times = [request.at for request in aftermath.healthy.asked("ping")]
    assert len(times) > INTERVAL * (ROUNDS - 1)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert max(gaps) < 1 + 1, f"a keepalive was {max(gaps) - 1:.2f} s late"
    assert aftermath.sink.total("keepalive_failure_count", backend="healthy") == 0


def each_call_cost_its_deadline_at_most(aftermath):
    for name in ("hanging", "dripping", "endless"):
        ended = [visit for visit in aftermath.faults[name].visits if visit.requests]
        assert len(ended) >= ROUNDS, name
        for visit in ended:
            assert visit.seconds < TIMEOUT + 1, (name, visit)
            assert visit.sent <= BODY_LIMIT + BUFFERS, (name, visit)


def each_failure_has_its_reason(aftermath):
    expected = {
        "hanging": {"timeout"},
        "dripping": {"timeout"},
        "endless": {"body_too_large"},
        "bombing": {"protocol"},
        "redirecting": {"redirect"},
    }
    for name, reasons in expected.items():
        counts = aftermath.sink.values("keepalive_failure_count", by="reason", backend=name)
        assert {reason for reason, count in counts.items() if count} == reasons, name
    disabled = aftermath.sink.values("keepalive_auto_disabled_total", by="reason", backend="redirecting")
    assert {reason: count for reason, count in disabled.items() if count} == {"redirect": 1}
