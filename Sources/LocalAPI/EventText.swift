// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import Foundation
internal import NIOCore

/// Events as `text/event-stream` writes them (HTML standard section 9.2.5).
enum EventText {
    static let contentType = "text/event-stream"
    /// What clients skip: it shows both sides that the other one is still there.
    static let comment = ByteBuffer(string: ":\n\n")

    /// - Throws: when the event cannot be written as JSON.
    static func of(_ event: AgentEvent) throws -> ByteBuffer {
        var text = ByteBuffer()
        // An empty id would make the client forget the last one that it can go on from.
        if !event.id.isEmpty { text.writeString("id: \(event.id)\n") }
        text.writeString("event: \(event.kind.rawValue)\ndata: ")
        // JSON has no line breaks outside of strings, and writes those in strings as escapes.
        text.writeBytes(try ControlJSON.encode(event))
        text.writeString("\n\n")
        return text
    }
}
