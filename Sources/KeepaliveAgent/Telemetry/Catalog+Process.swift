// SPDX-License-Identifier: Apache-2.0

import OTLPExport

extension Catalog {
    // MARK: The process (semantic conventions 1.44.0, "Process metrics")

    package static let processorTime = MetricDefinition(
        "process.cpu.time",
        .counter,
        unit: "s",
        "Processor time that the agent took.",
        by: AttributeDefinition(key: "cpu.mode", values: ["user", "system"])
    )
    package static let residentMemory = MetricDefinition(
        "process.memory.usage",
        .upDownCounter,
        unit: "By",
        "Physical memory that the agent takes."
    )
    package static let uptime = MetricDefinition(
        "process.uptime",
        .gauge,
        unit: "s",
        "Time since the agent was started."
    )
    package static let openDescriptors = MetricDefinition(
        "process.unix.file_descriptor.count",
        .upDownCounter,
        unit: "{file_descriptor}",
        "File descriptors that the agent has open."
    )

    package static let buildInformation = MetricDefinition(
        "keepalive_build_info",
        .gauge,
        unit: "{build}",
        "Always 1: the attribute says which version runs.",
        by: AttributeDefinition(key: "version", values: nil)
    )

    // MARK: The export

    private static let signal = AttributeDefinition(key: "signal", values: Signal.allCases.map(\.rawValue))

    package static let exportPayload = MetricDefinition(
        "keepalive_export_payload_bytes_total",
        .counter,
        unit: "By",
        "Bytes of telemetry: raw counts each batch once before compression, sent every request after it.",
        by: signal,
        AttributeDefinition(key: "stage", values: ["raw", "sent"])
    )
    package static let exportRetries = MetricDefinition(
        "keepalive_export_retries_total",
        .counter,
        unit: "{retry}",
        "Requests to the collector that repeated an earlier one.",
        by: signal
    )

    /// Metrics of the agent's process and of its export, in the order in which they are registered.
    package static let processMetrics: [MetricDefinition] =
        [processorTime, residentMemory, uptime, openDescriptors, buildInformation]
        + SelfMetric.all.map(MetricDefinition.init) + [exportPayload, exportRetries]
}

extension MetricDefinition {
    /// A metric that the exporter keeps about itself.
    fileprivate init(_ metric: SelfMetric) {
        let kind: Kind =
            switch metric.kind {
            case .counter: .counter
            case .upDownCounter: .upDownCounter
            case .histogram: .histogram(bounds: [])
            }
        self.init(
            name: metric.name,
            kind: kind,
            unit: metric.unit,
            description: metric.description,
            attributes: metric.attributes.map { AttributeDefinition(key: $0.key, values: $0.values) }
        )
    }
}
