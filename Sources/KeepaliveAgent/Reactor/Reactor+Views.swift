// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
package import KeepaliveEngine
import Telemetry

extension Reactor {
    /// All backends as they can be shown, by name; one pass over all sessions.
    package func backendFacts() -> [BackendFacts] {
        let outlooks = engine.outlooks
        return indices.sorted { $0.key < $1.key }
            .map { facts(of: Int($0.value), nextDue: outlooks[Int($0.value)].nextDue) }
    }

    /// One page of the sessions after a handle's index, in the order of their indices.
    ///
    /// - Returns: the sessions, and the index to go on after; nil when there are no more.
    package func sessionFacts(
        after index: Int32,
        on backend: BackendIndex?,
        limit: Int
    ) -> (sessions: [SessionFacts], next: Int32?) {
        let (handles, next) = sessions.handles(after: index, on: backend, limit: limit)
        return (handles.compactMap { facts(of: $0) }, next)
    }

    private func facts(of index: Int, nextDue: Tick?) -> BackendFacts {
        let calls = [series[index].ping, series[index].tool].compactMap(\.self)
        var failures: [FailureReason: UInt64] = [:]
        for reason in FailureReason.counted {
            let count = calls.reduce(0) { $0 + $1.failures(by: reason).value }
            if count > 0 { failures[reason] = count }
        }
        return BackendFacts(
            configuration: backends[index].configuration,
            status: engine.status(of: BackendIndex(index)),
            nextDue: nextDue,
            successes: calls.reduce(0) { $0 + $1.succeeded.value },
            failures: failures,
            latencyP95: index < latencies.count ? latencies[index].quantile(0.95) : nil
        )
    }
}
