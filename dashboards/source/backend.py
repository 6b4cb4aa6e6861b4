# SPDX-License-Identifier: Apache-2.0
"""Backend: why do keepalives of a backend fail, and what becomes of its sessions."""

from fleet import BREAKER, NEAR, NEAREST, STATES
from panels import (
    BAD,
    BLUE,
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    bars,
    dashboard,
    heatmap,
    of,
    over,
    row,
    series,
    stat,
    steps,
    timeline,
    traces,
    values,
)

ON = values(_0=("off", GREEN), _1=("on", RED))


def quantiles(metric: str) -> list[dict]:
    return [
        over(
            f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{{S}}[$__rate_interval])))",
            f"p{round(share * 100)}",
            exemplar=True,
        )
        for share in (0.5, 0.95, 0.99)
    ]


def build() -> dict:
    return dashboard(
        "mcp-keepalive-backend",
        "mcp-keepalive / Backend",
        "One backend, or those that are chosen above: calls, failures, latency, the breaker and the sessions.",
        [
            stat(
                "State",
                "The worst state of the breaker on any agent. Disabled: idle sessions expire.",
                'max(keepalive_breaker_state{S,state="half_open"} + on (job, instance, backend)'
                ' 2 * keepalive_breaker_state{S,state="open"})',
                "none",
                steps(GREEN, (1, YELLOW), (2, RED)),
                mappings=STATES,
                size=(3, 4),
            ),
            stat(
                "Without success",
                "Time since the last successful call, of the backend that has waited longest for one.",
                "time() - min(max by (backend) (keepalive_last_success_timestamp_seconds{S} > 0))",
                "s",
                steps(BLUE),
                defaults={"noValue": "never", "decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Last call",
                "Time since any call was started. It grows while a backend is disabled or has no sessions.",
                "time() - max(keepalive_last_attempt_timestamp_seconds{S} > 0)",
                "s",
                steps(BLUE),
                defaults={"noValue": "never", "decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Failures",
                "Calls in the time range that failed.",
                "sum(increase(keepalive_failure_count_total{S}[$__range]))",
                "short",
                steps(GREEN, (0.5, YELLOW)),
                defaults={"decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Nearest to expiry",
                "The active session that has waited longest for a success, as a share of its idle TTL.",
                NEAREST,
                "percentunit",
                NEAR,
                defaults={"noValue": "no TTL known", "decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Left until expiry",
                "Time that the session nearest to expiry has left, if nobody uses it.",
                "min(keepalive_session_ttl_seconds{S} - on (job, instance, backend)"
                " (time() - (keepalive_oldest_success_timestamp_seconds{S} > 0)))",
                "s",
                steps(RED, (60, BLUE)),
                defaults={"noValue": "no TTL known", "decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Next call due",
                "Time until the next keepalive is due, as it was exported: a minute or two below 0 is the age of the"
                " value. From three minutes on keepalives are late.",
                "min(keepalive_next_due_timestamp_seconds{S} > 0) - time()",
                "s",
                steps(RED, (-180, YELLOW), (-120, GREEN)),
                defaults={"noValue": "none due", "decimals": 0},
                size=(3, 4),
            ),
            stat(
                "Next probe",
                "Time until a disabled backend is tried again.",
                "min(keepalive_next_probe_timestamp_seconds{S} > 0) - time()",
                "s",
                steps(ORANGE),
                defaults={"noValue": "not disabled", "decimals": 0},
                size=(3, 4),
            ),
            timeline(
                "Breaker",
                "State of each backend's breaker, the worst of all agents.",
                [over(BREAKER, "{{backend}}")],
                STATES,
                (12, 6),
            ),
            timeline(
                "Why it is disabled",
                "The failure, or the operator, that switched a backend's keepalive off. Empty: all are on.",
                [over("max by (backend, reason) (keepalive_backend_disabled{S}) > 0", "{{backend}}: {{reason}}")],
                ON,
                (12, 6),
                defaults={"noValue": "Nothing is disabled"},
            ),
            row("Calls"),
            bars(
                "Failures by reason",
                "What went wrong. The table of failure reasons in docs/behavior.md says what to do about each.",
                [
                    over(
                        "sum by (reason) (increase(keepalive_failure_count_total{S}[$__rate_interval])) > 0",
                        "{{reason}}",
                    )
                ],
                defaults={"noValue": "No failures"},
                color=BAD,
            ),
            bars(
                "Calls by method",
                "Pings and calls of the keepalive or fallback tool.",
                [over("sum by (method) (increase(keepalive_attempt_count_total{S}[$__rate_interval]))", "{{method}}")],
            ),
            bars(
                "Skipped keepalives",
                "Keepalives that were due and not sent, or not at once. rate_limited:"
                " max_requests_per_second holds them back.",
                [over("sum by (reason) (increase(keepalive_skipped_total{S}[$__rate_interval])) > 0", "{{reason}}")],
                size=(8, 7),
                defaults={"noValue": "None skipped"},
            ),
            series(
                "Share of tool calls",
                "Share of calls that are tool calls: above 0 with ping as the method means that the"
                " fallback is in use.",
                [
                    over(
                        'sum by (backend) (increase(keepalive_attempt_count_total{S,method="tool"}[$__rate_interval]))'
                        " / (sum by (backend) (increase(keepalive_attempt_count_total{S}[$__rate_interval])) > 0)",
                        "{{backend}}",
                    )
                ],
                "percentunit",
                (8, 7),
                interval="15m",
            ),
            timeline(
                "Fallback in use",
                "While ping fails and the fallback tool is called instead. A tool call costs the"
                " backend more than a ping.",
                [over("max by (backend) (keepalive_fallback_active{S})", "{{backend}}")],
                values(_0=("ping", GREEN), _1=("fallback", ORANGE)),
                (8, 7),
            ),
            row("Latency"),
            series(
                "Duration of calls",
                "Percentiles of the time until the answer. The diamonds are single calls: click one for its trace.",
                quantiles("keepalive_latency_ms"),
                "ms",
                interval="15m",
            ),
            heatmap(
                "Distribution of durations",
                "How many calls took how long.",
                "sum by (le) (increase(keepalive_latency_ms_bucket{S}[$__rate_interval]))",
                "ms",
                (12, 8),
            ),
            series(
                "95th percentile and timeout",
                "The 95th percentile of each backend, and as a dashed line the deadline at which calls fail.",
                [
                    over(
                        "histogram_quantile(0.95,"
                        " sum by (backend, le) (rate(keepalive_latency_ms_bucket{S}[$__rate_interval]))) / 1000",
                        "{{backend}}",
                        exemplar=False,
                    ),
                    over("max by (backend) (keepalive_timeout_seconds{S})", "{{backend}}: timeout"),
                ],
                "s",
                (8, 8),
                interval="15m",
                overrides=[
                    {
                        "matcher": {"id": "byRegexp", "options": "/: timeout$/"},
                        "properties": [
                            {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [8, 8]}},
                            {"id": "custom.fillOpacity", "value": 0},
                        ],
                    }
                ],
            ),
            series(
                "Late starts and waits for the lock",
                "95th percentile of how late a keepalive starts, and of how long a re-initialize or"
                " close waits for one.",
                [
                    over(
                        "histogram_quantile(0.95, sum by (le)"
                        " (rate(keepalive_schedule_lag_seconds_bucket{S}[$__rate_interval])))",
                        "late start",
                    ),
                    over(
                        "histogram_quantile(0.95, sum by (le)"
                        " (rate(keepalive_lock_wait_seconds_bucket{S}[$__rate_interval])))",
                        "wait for the lock",
                    ),
                ],
                "s",
                (8, 8),
                interval="15m",
            ),
            series(
                "Duration by operation and error",
                "95th percentile under the name of the semantic conventions for MCP, to compare with"
                " other MCP clients.",
                [
                    over(
                        "histogram_quantile(0.95, sum by (le, mcp_method_name, error_type)"
                        " (rate(mcp_client_operation_duration_seconds_bucket{S}[$__rate_interval])))",
                        "{{mcp_method_name}} {{error_type}}",
                        exemplar=True,
                    )
                ],
                "s",
                (8, 8),
                interval="15m",
            ),
            row("Breaker and sessions"),
            series(
                "Failures in a row",
                "Failures that count towards disabling the backend; its breaker opens at failure_threshold.",
                [over("max by (backend) (keepalive_consecutive_failures{S})", "{{backend}}")],
                "short",
                (8, 8),
                thresholds=steps(GREEN, (1, YELLOW), (3, RED)),
            ),
            bars(
                "Disabled, probed, enabled again",
                "What the breaker did: when it switched a backend off, tried it and switched it on again.",
                [
                    over(
                        "sum by (reason) (increase(keepalive_auto_disabled_total{S}[$__rate_interval])) > 0",
                        "disabled: {{reason}}",
                    ),
                    over(
                        "sum by (outcome) (increase(keepalive_probes_total{S}[$__rate_interval])) > 0",
                        "probe: {{outcome}}",
                    ),
                    over(
                        "sum by (reason) (increase(keepalive_reenabled_total{S}[$__rate_interval])) > 0",
                        "enabled: {{reason}}",
                    ),
                ],
                size=(8, 8),
                defaults={"noValue": "Nothing happened"},
            ),
            series(
                "Disabled for",
                "How long a backend has been disabled, and the time between two probes. Two of them"
                " without recovery raise an"
                " alert.",
                [
                    over(
                        "time() - max by (backend) (keepalive_backend_disabled_since_timestamp_seconds{S} > 0)",
                        "{{backend}}: disabled for",
                    ),
                    over("max by (backend) (keepalive_probe_interval_seconds{S})", "{{backend}}: between probes"),
                ],
                "s",
                (8, 8),
            ),
            series(
                "Sessions by state",
                "active: kept alive; paused: the credential is refused; unopened: cannot be opened;"
                " not_applicable: needs none.",
                [over("sum by (state) (keepalive_sessions{S})", "{{state}}")],
                "short",
                (6, 8),
                overrides=[
                    of(state, {"color": {"mode": "fixed", "fixedColor": color}})
                    for state, color in (
                        ("active", GREEN),
                        ("paused", ORANGE),
                        ("unopened", RED),
                        ("not_applicable", BLUE),
                    )
                ],
            ),
            bars(
                "Lost sessions by reason",
                "expired: nobody kept it alive in time; expired_despite_keepalive: the backend forgot it all the same;"
                " expired_while_disabled: the keepalive was off.",
                [
                    over(
                        "sum by (reason) (increase(keepalive_sessions_lost_total{S}[$__rate_interval])) > 0",
                        "{{reason}}",
                    )
                ],
                size=(6, 8),
                defaults={"noValue": "No session was lost"},
                color=BAD,
            ),
            bars(
                "Released sessions by reason",
                "No longer kept alive because nobody wants them: unlisted and deleted by their owners; lease_expired,"
                " lifetime_ended and idle by their terms; configuration by a reload.",
                [
                    over(
                        "sum by (reason) (increase(keepalive_sessions_released_total{S}[$__rate_interval]))",
                        "{{reason}}",
                    )
                ],
                size=(6, 8),
            ),
            series(
                "Idle time, interval and TTL",
                "How long the session that waits longest has had no success; it should stay near the"
                " interval and below the TTL.",
                [
                    over(
                        "max by (backend) (time() - (keepalive_oldest_success_timestamp_seconds{S} > 0))",
                        "{{backend}}: waiting",
                    ),
                    over("max by (backend) (keepalive_interval_seconds{S})", "{{backend}}: interval"),
                    over("min by (backend) (keepalive_session_ttl_seconds{S})", "{{backend}}: TTL"),
                ],
                "s",
                (6, 8),
            ),
            series(
                "Age of sessions at their end",
                "Median duration of the sessions that the agent opened itself, of all that were closed, replaced or"
                " lost since it was started.",
                [
                    # No rate(): the series come with the first session that ends, and rate() would not see that one.
                    over(
                        "histogram_quantile(0.5, sum by (backend, le)"
                        " (last_over_time(mcp_client_session_duration_seconds_bucket{S}[$__range])))",
                        "{{backend}}",
                    )
                ],
                "s",
                (24, 7),
                defaults={"noValue": "No session ended"},
            ),
            row("Traces"),
            traces(
                "Failed keepalives",
                "Traces of failed calls, from Tempo. Empty without a Tempo data source.",
                '{ resource.service.instance.id =~ "${instance:pipe}" && span.backend =~'
                ' "${backend:pipe}" && status = error }'
                " | select(span.backend, span.mcp.method.name, span.error.type)",
            ),
        ],
    )
