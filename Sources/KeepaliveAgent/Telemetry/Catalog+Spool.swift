// SPDX-License-Identifier: Apache-2.0

import OTLPExport

extension Catalog {
    private static let spoolSignal = AttributeDefinition(key: "signal", values: ["traces", "logs"])

    package static let spoolSize = MetricDefinition(
        "keepalive_spool_size_bytes",
        .gauge,
        unit: "By",
        "Bytes of the disk that the telemetry spool takes; absent without a spool.",
        by: spoolSignal
    )
    package static let spoolDropped = MetricDefinition(
        "keepalive_spool_dropped_total",
        .counter,
        unit: "{record}",
        "Spans or log records that the telemetry spool lost; absent without a spool.",
        by: spoolSignal,
        AttributeDefinition(key: "reason", values: SpoolDropReason.allCases.map(\.rawValue))
    )

    /// Those that are there only where a spool is configured.
    package static let spoolMetrics = [spoolSize, spoolDropped]
}
