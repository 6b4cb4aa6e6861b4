// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import OTLPExport
import Telemetry

/// Everything that a measurement of the agent is a difference of; the counts are the agent's own metrics.
struct AgentReading {
    let usage: ProcessUsage
    let successes: UInt64
    let failures: UInt64
    private let spans: ExportStatistics

    init(_ agent: BenchmarkAgent) {
        usage = ProcessUsage.now()
        spans = agent.pipeline?.statistics(of: .traces) ?? ExportStatistics()
        let snapshot = agent.meter.collect(at: 0)
        successes = Self.sum(Catalog.successes.name, in: snapshot)
        failures = Self.sum(Catalog.failures.name, in: snapshot)
    }

    func since(_ earlier: AgentReading) -> Measurement {
        Measurement(
            calls: successes - earlier.successes,
            failures: failures - earlier.failures,
            processorMicroseconds: usage.processorTime - earlier.usage.processorTime,
            wallMicroseconds: UInt64(earlier.usage.instant.duration(to: usage.instant) / .microseconds(1)),
            exportedSpans: spans.exported - earlier.spans.exported,
            droppedSpans: spans.droppedTotal - earlier.spans.droppedTotal
        )
    }

    private static func sum(_ name: String, in snapshot: MetricSnapshot) -> UInt64 {
        var sum: UInt64 = 0
        for metric in snapshot.metrics where metric.description.name == name {
            guard case .sum(let points, _, _) = metric.data else { continue }
            for point in points {
                if case .int(let value) = point.value { sum += UInt64(value) }
            }
        }
        return sum
    }
}
