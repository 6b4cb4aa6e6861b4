// SPDX-License-Identifier: Apache-2.0

/// What a scripted backend has received so far.
package struct BackendRecord: Sendable, Equatable {
    /// Requests by JSON-RPC method, or by HTTP method where there is no body; refused ones too.
    package internal(set) var requests: [String: Int] = [:]
    /// Every session that was ever opened, by id.
    package internal(set) var sessions: [String: SessionRecord] = [:]
    /// Requests with an id that is unknown or dead.
    package internal(set) var unknownSessionRequests = 0

    /// The pings that came, on whatever session.
    package var pings: Int { requests["ping", default: 0] }
    /// The tool calls that came.
    package var toolCalls: Int { requests["tools/call", default: 0] }
    /// The sessions that clients initialized or tried to.
    package var initializes: Int { requests["initialize", default: 0] }
    /// The DELETE requests that came.
    package var deletes: Int { requests["DELETE", default: 0] }
    /// The number of sessions in a state.
    package func count(of state: SessionRecord.State) -> Int { sessions.values.count { $0.state == state } }
}
