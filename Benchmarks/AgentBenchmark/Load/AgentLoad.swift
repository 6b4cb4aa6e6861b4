// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine

/// Measures keepalives: more sessions are due than can be called, so the agent always has as many calls in flight as it may.
enum AgentLoad {
    static func measure(_ options: LoadOptions) async throws -> Measurement {
        var policy = BackendPolicy()
        policy.interval = BackendPolicy.shortestInterval
        policy.maxRequestsInFlight = options.inFlight
        policy.maxRequestsPerSecond = 1_000_000
        let agent = try BenchmarkAgent(options, policy: policy, caFile: options.caFile.isEmpty ? nil : options.caFile)
        let start = AgentReading(agent)
        await agent.attach(options.sessions)
        let measurement: Measurement
        if options.calls > 0 {
            // For programs that count: what matters is how many calls there were, not how long they took.
            while AgentReading(agent).successes < options.calls { try await Task.sleep(for: .milliseconds(1)) }
            await agent.stop()
            measurement = AgentReading(agent).since(start)
        } else {
            try await Task.sleep(for: .seconds(options.warmUp))
            let before = AgentReading(agent)
            try await Task.sleep(for: .seconds(options.window))
            measurement = AgentReading(agent).since(before)
            await agent.stop()
        }
        guard measurement.calls > 0, measurement.failures == 0 else {
            throw BenchmarkError("\(measurement.calls) keepalives succeeded and \(measurement.failures) failed")
        }
        return measurement
    }
}
