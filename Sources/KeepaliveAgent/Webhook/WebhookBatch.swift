// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation

/// What one POST to the webhook carries: `{"events": […]}`, with the same objects as `GET /v1/events`.
struct WebhookBatch: Sendable, Hashable {
    /// How many events one POST has at most, apart from a `reset`.
    static let mostEvents = 100
    /// How many bytes the body has at most, unless a single event is larger.
    static let mostBytes = 64 << 10

    /// The JSON.
    let body: [UInt8]
    /// The number of the last event in it.
    let end: UInt64

    /// As many of the events as fit.
    ///
    /// - Parameter isAfterGap: whether events before these never arrived: then a `reset` comes first, whose id is that of the
    ///   last of them.
    /// - Throws: when an event cannot be written as JSON.
    init(_ excerpt: EventExcerpt, isAfterGap: Bool) throws {
        var body = Array(#"{"events":["#.utf8)
        var end = excerpt.start
        if isAfterGap, let first = excerpt.events.first {
            body += try ControlJSON.encode(
                AgentEvent(id: excerpt.startIdentifier, kind: .reset, time: first.time)
            )
        }
        for event in excerpt.events.prefix(Self.mostEvents) {
            let json = try ControlJSON.encode(event)
            // With a comma before it, and the end of the document after it.
            if end > excerpt.start, body.count + json.count + 3 > Self.mostBytes { break }
            if body.last != UInt8(ascii: "[") { body.append(UInt8(ascii: ",")) }
            body += json
            end += 1
        }
        self.body = body + "]}".utf8
        self.end = end
    }
}
