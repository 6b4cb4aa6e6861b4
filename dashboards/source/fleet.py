# SPDX-License-Identifier: Apache-2.0
"""Fleet: is anything wrong, where, and since when."""

from panels import (
    ALERTS,
    BAD,
    BLUE,
    GRAY,
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    bars,
    colored,
    dashboard,
    lead_to,
    link,
    of,
    over,
    row,
    stat,
    steps,
    table,
    timeline,
    values,
)

TO_BACKEND = [link("Look at the backends", "mcp-keepalive-backend")]
TO_AGENT = [link("Look at the agents", "mcp-keepalive-agent")]
STATES = values(_0=("closed", GREEN), _1=("half-open", YELLOW), _2=("open: disabled", RED))
BREAKER = (
    'max by (backend) (keepalive_breaker_state{S,state="half_open"})'
    ' + 2 * max by (backend) (keepalive_breaker_state{S,state="open"})'
)
NEAREST = (
    "max((time() - (keepalive_oldest_success_timestamp_seconds{S} > 0))"
    " / on (job, instance, backend) keepalive_session_ttl_seconds{S})"
)
NEAR = steps(GREEN, (0.67, YELLOW), (0.8, RED))
BACKEND_LINK = {
    "links": [
        {
            "title": "Look at ${__value.text}",
            "url": lead_to("mcp-keepalive-backend", "var-backend=${__value.text:percentencode}"),
        }
    ]
}
# Ranked by severity, for the most urgent is to stand first.
FIRING = " or ".join(
    ALERTS % f',backend=~"$backend|",severity="{severity}"' + f" * {rank}"
    for rank, severity in ((3, "critical"), (2, "warning"), (1, "info"))
)
SEVERITIES = [
    {
        "type": "value",
        "options": {
            "critical": {"text": "critical", "color": RED, "index": 0},
            "warning": {"text": "warning", "color": ORANGE, "index": 1},
            "info": {"text": "info", "color": BLUE, "index": 2},
        },
    }
]


def build() -> dict:
    return dashboard(
        "mcp-keepalive-fleet",
        "mcp-keepalive / Fleet",
        "Whether the sessions of all backends are kept alive. Red is to be looked at; click it.",
        [
            stat(
                "Agents",
                "Agents whose heartbeat is less than five minutes old.",
                "count(time() - max by (job, instance) (keepalive_heartbeat_timestamp_seconds{A}) < 300) or vector(0)",
                "short",
                steps(RED, (1, GREEN)),
                links=TO_AGENT,
            ),
            stat(
                "Active sessions",
                "Sessions that are kept alive now.",
                'sum(keepalive_sessions{S,state="active"})',
                "short",
                steps(BLUE),
                links=TO_BACKEND,
            ),
            stat(
                "Disabled backends",
                "Backends whose keepalive is switched off on some agent. Their idle sessions expire.",
                "count(max by (job, backend) (keepalive_backend_disabled{S}) > 0) or vector(0)",
                "short",
                steps(GREEN, (1, RED)),
                links=TO_BACKEND,
            ),
            stat(
                "Failure ratio",
                "Share of all calls in the time range that failed.",
                "sum(increase(keepalive_failure_count_total{S}[$__range]))"
                " / (sum(increase(keepalive_attempt_count_total{S}[$__range])) > 0)",
                "percentunit",
                steps(GREEN, (0.05, YELLOW), (0.2, RED)),
                links=TO_BACKEND,
                defaults={"noValue": "no calls", "decimals": 1},
            ),
            stat(
                "Lost sessions",
                "Sessions in the time range that a backend no longer knew: their users have lost their state.",
                "sum(increase(keepalive_sessions_lost_total{S}[$__range]))",
                "short",
                steps(GREEN, (0.5, RED)),
                links=TO_BACKEND,
                defaults={"decimals": 0},
            ),
            stat(
                "Nearest to expiry",
                "The active session that has waited longest for a success, as a share of its idle"
                " TTL. At 100 % it is gone."
                " Backends whose TTL is unknown do not count.",
                NEAREST,
                "percentunit",
                NEAR,
                links=TO_BACKEND,
                defaults={"noValue": "no TTL known", "decimals": 0},
            ),
            table(
                "Firing alerts",
                "Alerts of alerts/mcp-keepalive.rules.yaml that fire now. Empty too where Prometheus"
                " does not evaluate them.",
                [("rank", FIRING, {})],
                (9, 8),
                hidden=["__name__", "alertstate", "job", "Value"],
                order=["severity", "alertname", "backend", "reason", "instance"],
                overrides=[
                    of("severity", colored(steps(GRAY), "none", mappings=SEVERITIES, **{"custom.width": 90})),
                    of("backend", BACKEND_LINK),
                ],
                rank="Value",
                unit="none",
                defaults={"noValue": "No alert is firing"},
            ),
            timeline(
                "Disabled backends over time",
                "State of each backend's breaker, the worst of all agents: closed is well, open is"
                " disabled, half-open is"
                " being probed. Click a row for the backend.",
                [over(BREAKER, "{{backend}}")],
                STATES,
                (15, 8),
                links=[
                    {
                        "title": "Look at ${__field.labels.backend}",
                        "url": lead_to("mcp-keepalive-backend", "var-backend=${__field.labels.backend}"),
                    }
                ],
            ),
            table(
                "Backends",
                "One line per backend, worst state first. Click its name for the details.",
                [
                    ("state", BREAKER, colored(steps(GREEN, (1, YELLOW), (2, RED)), "none", mappings=STATES)),
                    ("active", 'sum by (backend) (keepalive_sessions{S,state="active"})', {"unit": "short"}),
                    (
                        "paused",
                        'sum by (backend) (keepalive_sessions{S,state="paused"})',
                        colored(steps("transparent", (1, ORANGE)), "short"),
                    ),
                    (
                        "not opened",
                        'sum by (backend) (keepalive_sessions{S,state="unopened"})',
                        colored(steps("transparent", (1, ORANGE)), "short"),
                    ),
                    (
                        "lost",
                        "sum by (backend) (increase(keepalive_sessions_lost_total{S}[$__range]))",
                        colored(steps("transparent", (0.5, RED)), "short", decimals=0),
                    ),
                    (
                        "failures",
                        "sum by (backend) (increase(keepalive_failure_count_total{S}[$__range]))",
                        {"unit": "short", "decimals": 0},
                    ),
                    (
                        "last success",
                        "time() - max by (backend) (keepalive_last_success_timestamp_seconds{S} > 0)",
                        {"unit": "s", "decimals": 0},
                    ),
                    (
                        "p95",
                        "histogram_quantile(0.95, sum by (backend, le)"
                        " (rate(keepalive_latency_ms_bucket{S}[$__range])))",
                        {"unit": "ms", "decimals": 0},
                    ),
                ],
                (24, 8),
                overrides=[of("backend", BACKEND_LINK)],
                sort=[{"displayName": "state", "desc": True}],
            ),
            row("Calls"),
            bars(
                "Outcome of calls",
                "Keepalive calls that succeeded and failed, per 15 minutes or more.",
                [
                    over("sum(increase(keepalive_success_count_total{S}[$__rate_interval]))", "success"),
                    over("sum(increase(keepalive_failure_count_total{S}[$__rate_interval]))", "failure"),
                ],
                overrides=[
                    of("success", {"color": {"mode": "fixed", "fixedColor": GREEN}}),
                    of("failure", {"color": {"mode": "fixed", "fixedColor": RED}}),
                ],
                links=TO_BACKEND,
            ),
            bars(
                "Failures by backend",
                "Which backends the failures come from. No bars: no failures.",
                [
                    over(
                        "sum by (backend) (increase(keepalive_failure_count_total{S}[$__rate_interval])) > 0",
                        "{{backend}}",
                    )
                ],
                links=[
                    {
                        "title": "Look at ${__field.labels.backend}",
                        "url": lead_to("mcp-keepalive-backend", "var-backend=${__field.labels.backend}"),
                    }
                ],
                defaults={"noValue": "No failures"},
                color=BAD,
            ),
        ],
    )
