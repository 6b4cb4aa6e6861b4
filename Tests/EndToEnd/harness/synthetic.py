# SPDX-License-Identifier: Apache-2.0
"""Six synthetic hours of every metric of the catalogue, as OpenMetrics: made up, not exported by an agent.

Two agents and three backends: `database` is always well; `browser` failed with timeouts for a while and recovered;
`editor` is kept alive by its fallback tool and has been failing and disabled for the last hour. The collector was away
for ten minutes. Names, types and attributes come from docs/telemetry.md, so a metric without a story is there too.
"""

import itertools
import math
import re
from collections import defaultdict
from pathlib import Path

TELEMETRY = Path(__file__).resolve().parents[3] / "docs" / "telemetry.md"
JOB, INSTANCES, BACKENDS = "mcp-keepalive", ("agent-a", "agent-b"), ("browser", "database", "editor")
MINUTES, STEP = 360, 2
REASONS = ("timeout", "http_5xx", "local_resource")
ROW = (
    r"^\| `([^`]+)` \| (?:`([^`]+)`|the same) \| (counter|up-down counter|gauge|histogram), [^|]* \| ([^|]*) \| ([^|]*)"
)
SINGLE = {
    "server.address": "127.0.0.1",
    "server.port": "4318",
    "version": "0.1.0",
    "mcp.protocol.version": "2025-11-25",
}
LATENCY = {"database": 4, "browser": 60, "editor": 180}


def catalogue() -> list[tuple[str, str, dict[str, list[str]], list[float]]]:
    """Series, kind, attributes with their values, and bounds of each metric."""
    rows = []
    for name, series, kind, attributes, meaning in re.findall(ROW, TELEMETRY.read_text(), re.MULTILINE):
        labels = {}
        for part in filter(None, (part.strip() for part in attributes.split(";"))):
            key, _, values = part.partition(":")
            labels[key] = re.findall(r"`([^`]+)`", values) if "](" not in values else list(REASONS)
            labels[key] = labels[key] or [SINGLE.get(key, "")]
        if "backend" in labels:
            labels["backend"] = list(BACKENDS)
        if "error.type" in labels:
            labels["error.type"] = ["", *(labels["error.type"] if labels["error.type"] != [""] else REASONS[:1])[:3]]
        if "reason" in labels:
            labels["reason"] = labels["reason"][:5]
        bounds = re.search(r"Bounds: ([\d. ]+)\.", meaning)
        rows.append((series or name, kind, labels, [float(one) for one in bounds[1].split()] if bounds else []))
    return rows


def label_sets(labels: dict[str, list[str]]):
    """All combinations, but a component's name goes with its type."""
    for values in itertools.product(*labels.values()):
        one = dict(zip(labels, values, strict=True))
        kind, name = one.get("otel.component.type"), one.get("otel.component.name")
        if kind is None or name == f"{kind}/0":
            yield {key.replace(".", "_"): value for key, value in one.items() if value}


def failing(backend: str, minute: int) -> bool:
    return {"browser": 150 <= minute < 190, "editor": minute >= 300}.get(backend, False)


def disabled(backend: str, minute: int) -> bool:
    return {"browser": 160 <= minute < 190, "editor": minute >= 310}.get(backend, False)


def collector_away(minute: int) -> bool:
    return 230 <= minute < 240


def events(series: str, labels: dict[str, str], minute: int) -> float:
    """By how much a counter, or the count of a histogram, grows in this minute."""
    backend = labels.get("backend", "")
    fails, off = failing(backend, minute), disabled(backend, minute)
    method = labels.get("method", "")
    used = method in ("", "tool" if backend == "editor" else "ping")
    if series in ("keepalive_sessions_lost_total", "keepalive_reenabled_total", "mcp_client_session_duration_seconds"):
        wanted = {"keepalive_sessions_lost_total": "expired_while_disabled", "keepalive_reenabled_total": "probe"}
        return float(backend == "browser" and minute == 190 and labels.get("reason") == wanted.get(series))
    if series == "keepalive_auto_disabled_total":
        return float(off and not disabled(backend, minute - 1) and labels["reason"] == "timeout")
    if series == "keepalive_probes_total":
        result = "success" if (backend, minute) == ("browser", 190) else "failure"
        return float(
            (off and minute % 10 == 0 or minute == 190) and labels["outcome"] == result and backend != "database"
        )
    if series == "keepalive_failure_count_total":
        return float(used and fails and not off and labels["reason"] == "timeout")
    if series == "keepalive_success_count_total":
        return float(used and not fails)
    if series in ("keepalive_attempt_count_total", "keepalive_schedule_lag_seconds", "keepalive_lock_wait_seconds"):
        return float(used and not off)
    if series == "keepalive_latency_ms":
        return float(used and not off and labels["outcome"] == ("failure" if fails else "success"))
    if series == "keepalive_skipped_total":
        return float(backend == "browser" and labels["reason"] == "rate_limited" and minute % 40 == 0)
    if series == "keepalive_spool_dropped_total":
        return float(collector_away(minute) and labels["reason"] == "size")
    if series == "keepalive_export_retries_total":
        return float(collector_away(minute))
    if series == "keepalive_export_payload_bytes_total":
        return 40_000.0 if labels["stage"] == "raw" else 4_000.0
    if series == "process_cpu_time_seconds_total":
        return 0.6 if labels["cpu_mode"] == "user" else 0.2
    if series == "mcp_client_operation_duration_seconds":
        used = labels["mcp_method_name"] == ("tools/call" if backend == "editor" else "ping")
        return float(used and not off and ("error_type" in labels) == fails)
    if labels.get("error_type"):
        return float(collector_away(minute) and labels["error_type"] not in ("400", "already_shutdown"))
    return 0.0 if collector_away(minute) else 3.0


def duration(series: str, labels: dict[str, str], minute: int) -> float:
    """What a histogram records in this minute."""
    if "latency" in series or "operation_duration_seconds" in series and "backend" in labels:
        slow = (
            10_000
            if failing(labels["backend"], minute)
            else LATENCY[labels["backend"]] * (1 + 0.5 * math.sin(minute / 9))
        )
        return slow if "latency" in series else slow / 1000
    return 1800.0 if "session" in series else 0.004


def level(series: str, labels: dict[str, str], minute: int, now: float) -> float:
    """The value of a gauge at this minute."""
    backend = labels.get("backend", "")
    off = disabled(backend, minute)
    since = {"browser": 160, "editor": 310}.get(backend, 0)
    last_success = now - 60 * (minute - since + 10 if off else 0) - 20
    simple = {
        "keepalive_backend_disabled": float(off and labels.get("reason") == "timeout"),
        "keepalive_backend_disabled_since_timestamp_seconds": now - 60 * (minute - since) if off else 0.0,
        "keepalive_next_probe_timestamp_seconds": now + 60 * (10 - minute % 10) if off else 0.0,
        "keepalive_next_due_timestamp_seconds": 0.0 if off else now + 40,
        "keepalive_last_attempt_timestamp_seconds": now - 20,
        "keepalive_last_success_timestamp_seconds": last_success,
        "keepalive_oldest_success_timestamp_seconds": last_success,
        "keepalive_interval_seconds": 300.0,
        "keepalive_timeout_seconds": 10.0,
        "keepalive_probe_interval_seconds": 600.0,
        "keepalive_session_ttl_seconds": 4500.0,
        "keepalive_consecutive_failures": 3.0 if off else float(failing(backend, minute)),
        "keepalive_fallback_active": float(backend == "editor"),
        "keepalive_heartbeat_timestamp_seconds": now - 5,
        "process_memory_usage_bytes": 24e6 + 1e6 * math.log1p(minute),
        "process_uptime_seconds": 60.0 * (minute + 1),
        "process_unix_file_descriptor_count": 21.0 + minute % 3,
        "keepalive_build_info": 1.0,
        "keepalive_spool_size_bytes": 65536.0 * (minute - 229) if collector_away(minute) else 4096.0,
    }
    if series in simple:
        return simple[series]
    if series == "keepalive_breaker_state":
        return float(labels["state"] == ("half_open" if off and minute % 10 == 4 else "open" if off else "closed"))
    if series == "keepalive_sessions":
        return {"active": 3.0, "paused": 0.0, "not_applicable": 0.0, "unopened": float(off)}[labels["state"]]
    if series.endswith("_capacity"):
        return 2048.0
    return 400.0 * (minute - 229) / 10 if collector_away(minute) else 2.0


def text_of(labels: dict[str, str]) -> str:
    return ",".join(f'{key}="{value}"' for key, value in labels.items())


def samples(series: str, kind: str, labels: dict, bounds: list[float], end: float):
    """All lines of one series, or of one histogram: name, labels, value, time; grouped by name for OpenMetrics."""
    lines = defaultdict(list)
    count, total, buckets = 0.0, 0.0, [0.0] * (len(bounds) + 1)
    for minute in range(0, MINUTES + 1, STEP):
        now = end - 60 * (MINUTES - minute)
        if kind not in ("counter", "histogram"):
            lines["", ""].append((level(series, labels, minute, now), now))
            continue
        # The first export is at the start, before anything has happened.
        more = events(series, labels, minute) if minute else 0.0
        count += more
        if kind == "counter":
            lines["", ""].append((count, now))
            continue
        value = duration(series, labels, minute)
        total += more * value
        for index, bound in enumerate([*bounds, math.inf]):
            buckets[index] += more if value <= bound else 0.0
            le = "+Inf" if bound == math.inf else repr(bound)
            lines["_bucket", f',le="{le}"'].append((buckets[index], now))
        lines["_count", ""].append((count, now))
        lines["_sum", ""].append((total, now))
    for (suffix, extra), points in lines.items():
        for value, now in points:
            yield f"{series}{suffix}{{{text_of(labels)}{extra}}} {value} {now:.0f}"


def alerts(end: float):
    """What Prometheus writes of an alert that fires."""
    firing = (
        {
            "alertname": "McpKeepaliveRecoveryOverdue",
            "severity": "critical",
            "backend": "editor",
            "instance": "agent-a",
        },
        {
            "alertname": "McpKeepaliveBackendAutoDisabled",
            "severity": "warning",
            "backend": "editor",
            "reason": "timeout",
        },
        {"alertname": "McpKeepaliveFallbackActive", "severity": "info", "backend": "editor"},
    )
    yield "# TYPE ALERTS gauge"
    for labels in firing:
        for minute in range(332, MINUTES + 1, STEP):
            one = text_of({**labels, "alertstate": "firing", "job": JOB})
            yield f"ALERTS{{{one}}} 1 {end - 60 * (MINUTES - minute):.0f}"


def exposition(end: float) -> str:
    """The whole history up to this Unix time."""
    lines = []
    for series, kind, attributes, bounds in catalogue():
        kind_name = {"up-down counter": "gauge"}.get(kind, kind)
        lines.append(f"# TYPE {series.removesuffix('_total') if kind == 'counter' else series} {kind_name}")
        for labels in label_sets(attributes):
            for instance in INSTANCES:
                lines += samples(series, kind, {"job": JOB, "instance": instance, **labels}, bounds, end)
    return "\n".join([*lines, *alerts(end), "# EOF\n"])
