// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Telemetry

/// How many keepalives succeeded and failed, by the agent's own metrics.
struct KeepaliveCounts {
    let successes: UInt64
    let failures: UInt64

    init(_ meter: Meter) {
        let snapshot = meter.collect(at: 0)
        successes = Self.sum(Catalog.successes.name, in: snapshot)
        failures = Self.sum(Catalog.failures.name, in: snapshot)
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
