// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import OTLPExport

/// Measures keepalives: more sessions are due than can be called, so the agent always has as many calls in flight as it may.
enum AgentLoad {
    static func measure(_ options: LoadOptions) async throws -> Measurement {
        var policy = BackendPolicy()
        policy.interval = BackendPolicy.shortestInterval
        policy.maxRequestsInFlight = options.inFlight
        policy.maxRequestsPerSecond = 1_000_000
        let agent = try BenchmarkAgent(url: options.url, policy: policy, spans: options.spans)
        await agent.attach(options.sessions)
        try await Task.sleep(for: .seconds(options.warmUp))
        let before = Reading(agent)
        try await Task.sleep(for: .seconds(options.window))
        let measurement = Reading(agent).since(before)
        await agent.stop()
        guard measurement.calls > 0, measurement.failures == 0 else {
            throw BenchmarkError("\(measurement.calls) keepalives succeeded and \(measurement.failures) failed")
        }
        return measurement
    }

    /// Everything that a measurement is a difference of.
    private struct Reading {
        private let usage = ProcessUsage.now()
        private let counts: KeepaliveCounts
        private let spans: ExportStatistics

        init(_ agent: BenchmarkAgent) {
            counts = KeepaliveCounts(agent.meter)
            spans = agent.pipeline?.statistics(of: .traces) ?? ExportStatistics()
        }

        func since(_ earlier: Reading) -> Measurement {
            Measurement(
                calls: counts.successes - earlier.counts.successes,
                processorTime: usage.processorTime - earlier.usage.processorTime,
                wallTime: UInt64(earlier.usage.instant.duration(to: usage.instant) / .microseconds(1)),
                failures: counts.failures - earlier.counts.failures,
                exportedSpans: spans.exported - earlier.spans.exported,
                droppedSpans: spans.droppedTotal - earlier.spans.droppedTotal
            )
        }
    }
}
