// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Measures what an attached session costs in memory while nothing happens on it.
enum IdleSessions {
    /// Bytes of resident memory per session, and how many there are.
    static func bytesPerSession(_ options: LoadOptions) async throws -> Int {
        var policy = BackendPolicy()
        policy.interval = .seconds(86_400)
        let agent = try BenchmarkAgent(url: options.url, policy: policy, spans: .dropped)
        // What the first session costs is the agent's own.
        await agent.attach(1)
        let before = try ProcessUsage.residentBytes()
        await agent.attach(options.sessions)
        let after = try ProcessUsage.residentBytes()
        await agent.stop()
        return (after - before) / options.sessions
    }
}
