// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Measures what an attached session costs in memory while nothing happens on it.
struct IdleSessions: Encodable {
    let sessions: Int
    /// Resident memory with all sessions, less that with one.
    let bytes: Int

    static func measure(_ options: LoadOptions) async throws -> IdleSessions {
        var policy = BackendPolicy()
        policy.interval = .seconds(86_400)
        let agent = try BenchmarkAgent(options, policy: policy)
        // What the first session costs is the agent's own.
        await agent.attach(1)
        let before = try ProcessUsage.residentBytes()
        await agent.attach(options.sessions, startingAt: 1)
        let after = try ProcessUsage.residentBytes()
        await agent.stop()
        return IdleSessions(sessions: options.sessions, bytes: after - before)
    }
}
