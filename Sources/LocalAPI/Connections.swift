// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
private import Locking
internal import NIOCore

/// The open connections of a listener.
final class Connections: Sendable {
    private struct State {
        var served: [ObjectIdentifier: any Channel] = [:]
        var refused: [ObjectIdentifier: any Channel] = [:]
    }

    /// What becomes of a new connection.
    enum Admission {
        case served
        case refused(ControlProblem)
        /// Closed without a word: there are even too many that are being refused.
        case dropped
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Decides about a connection and notes it until it is closed.
    func admit(_ channel: any Channel, problem: ControlProblem?) -> Admission {
        let id = ObjectIdentifier(channel)
        let admission = state.withLock { state -> Admission in
            if problem == nil, state.served.count < limit {
                state.served[id] = channel
                return .served
            }
            guard state.refused.count < limit else { return .dropped }
            state.refused[id] = channel
            return .refused(problem ?? ControlProblem(.tooManyConnections, "at most \(limit) at a time; close some"))
        }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { state in
                state.served[id] = nil
                state.refused[id] = nil
            }
        }
        return admission
    }

    /// All that are open.
    var channels: [any Channel] {
        state.withLock { Array($0.served.values) + Array($0.refused.values) }
    }
}
