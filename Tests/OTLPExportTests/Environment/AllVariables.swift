// SPDX-License-Identifier: Apache-2.0

/// Every variable that is read.
enum AllVariables {
    static let names: [String] =
        [
            "OTEL_SDK_DISABLED", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_LOG_LEVEL", "OTEL_PROPAGATORS",
            "OTEL_TRACES_SAMPLER", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_CONFIG_FILE",
            "OTEL_METRICS_EXEMPLAR_FILTER", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "OTEL_SPAN_EVENT_COUNT_LIMIT",
            "OTEL_SPAN_LINK_COUNT_LIMIT", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
        ]
        + ["", "SPAN_", "LOGRECORD_"].flatMap { kind in
            ["OTEL_\(kind)ATTRIBUTE_COUNT_LIMIT", "OTEL_\(kind)ATTRIBUTE_VALUE_LENGTH_LIMIT"]
        }
        + ["BSP", "BLRP"].flatMap { kind in
            ["SCHEDULE_DELAY", "EXPORT_TIMEOUT", "MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE"].map { "OTEL_\(kind)_\($0)" }
        }
        + ["TRACES", "METRICS", "LOGS"].map { "OTEL_\($0)_EXPORTER" }
        + ["", "TRACES_", "METRICS_", "LOGS_"].flatMap { signal in
            [
                "ENDPOINT", "HEADERS", "TIMEOUT", "COMPRESSION", "PROTOCOL", "CERTIFICATE", "CLIENT_KEY",
                "CLIENT_CERTIFICATE",
            ]
            .map { "OTEL_EXPORTER_OTLP_\(signal)\($0)" }
        }
}
