# SPDX-License-Identifier: Apache-2.0
"""Agent health: does the agent itself run well, and does its telemetry arrive."""

from panels import (
    BAD,
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    bars,
    colored,
    dashboard,
    over,
    row,
    series,
    stat,
    steps,
    table,
    values,
)

SIGNALS = ("span", "log", "metric_data_point")
COMPONENT = "{{otel_component_type}}"


def per_signal(suffix: str, selector: str, legend: str) -> list[dict]:
    return [
        over(
            "sum by (error_type)"
            f" (increase(otel_sdk_exporter_{signal}_exported_total{selector}[$__rate_interval])){suffix}",
            legend.format(signal=signal.replace("_", " ")),
        )
        for signal in SIGNALS
    ]


def queue(signal: str) -> str:
    selector = "{A}"
    return f"otel_sdk_processor_{signal}_queue_size{selector} / otel_sdk_processor_{signal}_queue_capacity{selector}"


def dropped(kind: str) -> str:
    """The sum over the series that say what was dropped; 0 where there are none yet."""
    return f'(sum(increase({kind}{{A,error_type!=""}}[$__range])) or vector(0))'


def build() -> dict:
    return dashboard(
        "mcp-keepalive-agent",
        "mcp-keepalive / Agent health",
        "The agents themselves: heartbeat, timeliness, what they take, and whether their telemetry arrives.",
        [
            stat(
                "Oldest heartbeat",
                "Age of the oldest heartbeat of the agents that were not stopped cleanly. Above five"
                " minutes an alert fires.",
                "max(time() - (keepalive_heartbeat_timestamp_seconds{A} > 0))",
                "s",
                steps(GREEN, (180, YELLOW), (300, RED)),
                defaults={"noValue": "no agent", "decimals": 0},
            ),
            stat(
                "Late starts",
                "99th percentile of how late keepalives start, over the time range. Seconds mean"
                " that the agent lacks time.",
                "histogram_quantile(0.99, sum by (le) (rate(keepalive_schedule_lag_seconds_bucket{A}[$__range])))",
                "s",
                steps(GREEN, (1, YELLOW), (10, RED)),
                defaults={"noValue": "no calls"},
            ),
            stat(
                "Telemetry dropped",
                "Spans, log records and metric points in the time range that did not arrive or did not fit the queue.",
                " + ".join(
                    dropped(f"otel_sdk_{kind}_total")
                    for kind in (
                        *(f"exporter_{signal}_exported" for signal in SIGNALS),
                        "processor_span_processed",
                        "processor_log_processed",
                    )
                ),
                "short",
                steps(GREEN, (0.5, ORANGE)),
                defaults={"decimals": 0},
            ),
            stat(
                "Fullest queue",
                "The fullest queue of spans or log records. A full queue drops what is new.",
                f"max({queue('span')} or {queue('log')})",
                "percentunit",
                steps(GREEN, (0.5, YELLOW), (0.8, RED)),
                defaults={"decimals": 0},
            ),
            stat(
                "Restarts",
                "Starts of agents whose id stayed the same. An agent with a random id counts as a new agent instead.",
                "sum(resets(process_uptime_seconds{A}[$__range]))",
                "short",
                steps(GREEN, (1, YELLOW), (3, RED)),
                defaults={"decimals": 0},
            ),
            stat(
                "Out of resources",
                "Calls in the time range that failed because the agent's machine lacked descriptors, ports or memory.",
                'sum(increase(keepalive_failure_count_total{A,reason="local_resource"}[$__range])) or vector(0)',
                "short",
                steps(GREEN, (0.5, RED)),
                defaults={"decimals": 0},
            ),
            table(
                "Agents",
                "One line per agent, the oldest heartbeat first. An agent that was stopped cleanly"
                " has no heartbeat age.",
                [
                    ("running", "max by (job, instance, version) (keepalive_build_info{A})", {"custom.width": 80}),
                    (
                        "heartbeat age",
                        "max by (job, instance) (time() - (keepalive_heartbeat_timestamp_seconds{A} > 0))",
                        colored(steps(GREEN, (180, YELLOW), (300, RED)), "s", decimals=0),
                    ),
                    ("uptime", "max by (job, instance) (process_uptime_seconds{A})", {"unit": "dtdurations"}),
                    ("memory", "sum by (job, instance) (process_memory_usage_bytes{A})", {"unit": "bytes"}),
                    (
                        "descriptors",
                        "sum by (job, instance) (process_unix_file_descriptor_count{A})",
                        {"unit": "short"},
                    ),
                    (
                        "processor",
                        # Of those that are there, for in the range are also agents that are gone.
                        "sum by (job, instance) (rate(process_cpu_time_seconds_total{A}[$__range]))"
                        " and on (job, instance) keepalive_build_info{A}",
                        {"unit": "percentunit", "decimals": 1},
                    ),
                ],
                (24, 8),
                order=["job", "instance", "version"],
                sort=[{"displayName": "heartbeat age", "desc": True}],
            ),
            row("Process"),
            series(
                "Heartbeat age",
                "How long ago each agent's loop last turned. It rises with each export period and"
                " falls back; it must not climb.",
                [over("time() - max by (instance) (keepalive_heartbeat_timestamp_seconds{A} > 0)", "{{instance}}")],
                "s",
                (6, 8),
                thresholds=steps(GREEN, (180, YELLOW), (300, RED)),
                limits="dashed",
            ),
            series(
                "Processor time",
                "Share of one processor that each agent takes, by mode.",
                [
                    over(
                        "sum by (instance, cpu_mode) (rate(process_cpu_time_seconds_total{A}[$__rate_interval]))",
                        "{{instance}} {{cpu_mode}}",
                    )
                ],
                "percentunit",
                (6, 8),
            ),
            series(
                "Memory",
                "Physical memory of each agent. It levels off; a line that climbs for days is a leak.",
                [over("sum by (instance) (process_memory_usage_bytes{A})", "{{instance}}")],
                "bytes",
                (6, 8),
            ),
            series(
                "File descriptors",
                "Open descriptors, about one per connection. At the limit (ulimit -n) calls fail with local_resource.",
                [over("sum by (instance) (process_unix_file_descriptor_count{A})", "{{instance}}")],
                "short",
                (6, 8),
            ),
            series(
                "Uptime",
                "Time since each agent was started. A saw-tooth is an agent that crashes again and again.",
                [over("max by (instance) (process_uptime_seconds{A})", "{{instance}}")],
                "s",
                (6, 8),
            ),
            series(
                "Late starts",
                "50th and 99th percentile of how late keepalives start.",
                [
                    over(
                        f"histogram_quantile({share},"
                        " sum by (le) (rate(keepalive_schedule_lag_seconds_bucket{A}[$__rate_interval])))",
                        f"p{round(share * 100)}",
                    )
                    for share in (0.5, 0.99)
                ],
                "s",
                (6, 8),
                interval="15m",
            ),
            series(
                "Configuration",
                "1 while an agent runs what its configuration file says; 0 since the file could not be used, and the"
                " one before is in force.",
                [over("min by (instance) (keepalive_config_reload_success{A})", "{{instance}}")],
                "short",
                (6, 8),
                custom={"lineInterpolation": "stepAfter", "axisSoftMax": 1},
                defaults={"decimals": 0},
                mappings=values(_0=("rejected", RED), _1=("in force", GREEN)),
            ),
            series(
                "State on disk",
                "1 while the state cannot be read or written, and for 15 minutes after a damaged file was set aside:"
                " what is registered now may not survive a restart. Agents without a state_dir have no line.",
                [over("max by (instance) (keepalive_storage_degraded{A})", "{{instance}}")],
                "short",
                (6, 8),
                custom={"lineInterpolation": "stepAfter", "axisSoftMax": 1},
                defaults={"decimals": 0, "noValue": "No agent has a state_dir"},
                mappings=values(_0=("ok", GREEN), _1=("degraded", RED)),
            ),
            row("Telemetry"),
            series(
                "Exported",
                "What the collector accepted, by signal. The axis is logarithmic, for points outnumber the rest.",
                per_signal("", '{A,error_type=""}', "{signal}"),
                "short",
                (8, 8),
                interval="5m",
                custom={"scaleDistribution": {"type": "log", "log": 10}, "axisSoftMin": 1},
                defaults={"decimals": 0},
            ),
            bars(
                "Not exported",
                "What the collector did not accept, by signal and error: a status, or rejected,"
                " timeout, connect, dns, tls.",
                per_signal(" > 0", '{A,error_type!=""}', "{signal}: {{{{error_type}}}}"),
                size=(8, 8),
                interval="5m",
                defaults={"noValue": "Everything arrived"},
                color=BAD,
            ),
            bars(
                "Dropped before the export",
                "Spans and log records that the processor dropped, by reason: queue_full, already_shutdown.",
                [
                    over(
                        "sum by (error_type)"
                        f" (increase(otel_sdk_processor_{signal}_processed_total"
                        '{A,error_type!=""}[$__rate_interval])) > 0',
                        f"{signal}: {{{{error_type}}}}",
                    )
                    for signal in ("span", "log")
                ],
                size=(8, 8),
                interval="5m",
                defaults={"noValue": "Nothing was dropped"},
                color=BAD,
            ),
            series(
                "Queues",
                "How full the queues are, the fullest of all agents. At 100 % what is new is dropped.",
                [over(f"max by (otel_component_type) ({queue(signal)})", COMPONENT) for signal in ("span", "log")],
                "percentunit",
                (8, 8),
                thresholds=steps(GREEN, (0.8, RED)),
                limits="dashed",
            ),
            series(
                "On their way",
                "What was handed to an exporter and is neither accepted nor given up: it grows while"
                " the collector is away.",
                [
                    over(f"sum(otel_sdk_exporter_{signal}_inflight{{A}})", signal.replace("_", " "))
                    for signal in SIGNALS
                ],
                "short",
                (8, 8),
            ),
            series(
                "Created",
                "Spans and log records that the agent made, per second. Many log records mean many changes of state.",
                [
                    over(
                        "sum by (otel_span_sampling_result) (rate(otel_sdk_span_started_total{A}[$__rate_interval]))",
                        "span: {{otel_span_sampling_result}}",
                    ),
                    over("sum(rate(otel_sdk_log_created_total{A}[$__rate_interval]))", "log"),
                ],
                "cps",
                (8, 8),
                interval="5m",
            ),
            series(
                "Mean duration of exports",
                "From the first attempt to the end, with the waits between attempts. Exports are given up after 30 s.",
                [
                    over(
                        "sum by (otel_component_type)"
                        " (rate(otel_sdk_exporter_operation_duration_seconds_sum{A}[$__rate_interval]))"
                        " / (sum by (otel_component_type)"
                        " (rate(otel_sdk_exporter_operation_duration_seconds_count{A}[$__rate_interval])) > 0)",
                        COMPONENT,
                    )
                ],
                "s",
                (8, 8),
                interval="5m",
            ),
            bars(
                "Exports by error",
                "Exports that failed in the end, by component and error.",
                [
                    over(
                        "sum by (otel_component_type, error_type)"
                        " (increase(otel_sdk_exporter_operation_duration_seconds_count"
                        '{A,error_type!=""}[$__rate_interval])) > 0',
                        COMPONENT + " {{error_type}}",
                    )
                ],
                size=(8, 8),
                interval="5m",
                defaults={"noValue": "No export failed"},
                color=BAD,
            ),
            bars(
                "Retries",
                "Requests that repeated an earlier one. Now and then is well; all the time means"
                " that the collector is slow.",
                [
                    over(
                        "sum by (signal) (increase(keepalive_export_retries_total{A}[$__rate_interval])) > 0",
                        "{{signal}}",
                    )
                ],
                size=(8, 8),
                interval="5m",
                defaults={"noValue": "No retries"},
            ),
            series(
                "Bytes sent",
                "Bytes per second to the collector after compression, retries included.",
                [
                    over(
                        "sum by (signal)"
                        ' (rate(keepalive_export_payload_bytes_total{A,stage="sent"}[$__rate_interval]))',
                        "{{signal}}",
                    )
                ],
                "Bps",
                (8, 8),
                interval="5m",
            ),
            series(
                "Compression",
                "Bytes before compression for each byte sent. It falls when requests have to be repeated.",
                [
                    over(
                        'sum by (signal) (rate(keepalive_export_payload_bytes_total{A,stage="raw"}[$__rate_interval]))'
                        " / (sum by (signal)"
                        ' (rate(keepalive_export_payload_bytes_total{A,stage="sent"}[$__rate_interval])) > 0)',
                        "{{signal}}",
                    )
                ],
                "none",
                (8, 8),
                interval="5m",
            ),
            series(
                "Mean duration of a collection",
                "How long it takes to collect all metrics once.",
                [
                    over(
                        "sum by (instance)"
                        " (rate(otel_sdk_metric_reader_collection_duration_seconds_sum{A}[$__rate_interval]))"
                        " / (sum by (instance)"
                        " (rate(otel_sdk_metric_reader_collection_duration_seconds_count{A}[$__rate_interval])) > 0)",
                        "{{instance}}",
                    )
                ],
                "s",
                (8, 8),
                interval="5m",
            ),
            row("Spool on disk (only where telemetry.spool is configured)"),
            series(
                "Size of the spool",
                "Bytes of spans and log records that wait on the disk for the collector.",
                [over("sum by (instance, signal) (keepalive_spool_size_bytes{A})", "{{instance}} {{signal}}")],
                "bytes",
                (12, 8),
                defaults={"noValue": "No spool is configured"},
            ),
            bars(
                "Lost by the spool",
                "Records that are gone for good, by reason: size, age, corrupt, write_failed, refused.",
                [
                    over(
                        "sum by (signal, reason) (increase(keepalive_spool_dropped_total{A}[$__rate_interval])) > 0",
                        "{{signal}}: {{reason}}",
                    )
                ],
                interval="5m",
                defaults={"noValue": "Nothing was lost"},
                color=BAD,
            ),
        ],
    )
