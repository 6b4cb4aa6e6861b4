// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import Telemetry

/// Keeps very many sessions alive at their interval, with telemetry, and measures what that takes of one core and how
/// late keepalives start.
struct SoakLoad: Encodable {
    let sessions: Int
    let intervalSeconds: Double
    let measurement: Measurement
    /// How late keepalives started, in seconds, from the first to the end of the window.
    let latenessP50: Double
    let latenessP99: Double
    let latenessMaximum: Double
    let residentBytes: Int

    static func measure(_ options: LoadOptions) async throws -> SoakLoad {
        var policy = BackendPolicy()
        policy.interval = .seconds(options.interval)
        let agent = try BenchmarkAgent(options, policy: policy)
        await agent.attach(options.sessions)
        try await Task.sleep(for: .seconds(options.warmUp))
        let before = AgentReading(agent)
        try await Task.sleep(for: .seconds(options.window))
        let measurement = AgentReading(agent).since(before)
        let residentBytes = try ProcessUsage.residentBytes()
        let lateness = Distribution(of: Catalog.scheduleLag.name, in: agent.meter.collect(at: 0))
        await agent.stop()
        return SoakLoad(
            sessions: options.sessions,
            intervalSeconds: options.interval,
            measurement: measurement,
            latenessP50: lateness.quantile(0.5),
            latenessP99: lateness.quantile(0.99),
            latenessMaximum: lateness.maximum,
            residentBytes: residentBytes
        )
    }
}
