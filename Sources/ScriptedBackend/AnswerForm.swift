// SPDX-License-Identifier: Apache-2.0

/// How a backend writes its responses: both forms are allowed for every POST (MCP 2025-11-25, Transports).
package enum AnswerForm: Sendable, Equatable {
    /// One JSON document.
    case json
    /// An event stream with the response as its last event. The flags put before it what clients must skip: a priming
    /// event with an id and empty data, comments, and events that belong to somebody else.
    case eventStream(primingEvent: Bool = false, comments: Bool = false, foreignEvents: Bool = false)
}
