// SPDX-License-Identifier: Apache-2.0

/// What an answer's `Content-Type` means to its reader.
package enum AnswerContentType: Sendable, Hashable, CaseIterable {
    case json
    case eventStream
    case html
    /// Another one.
    case other
    /// None at all.
    case absent

    /// Reads the header's value; parameters such as `charset` mean nothing here. An empty value is none.
    package init(_ value: Span<UInt8>) {
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
        let type = value.extracting(0..<end)
        let essence = type.extracting(type.trimmed)
        if essence.isEmpty {
            self = .absent
        } else if essence.equalsIgnoringCase("application/json") {
            self = .json
        } else if essence.equalsIgnoringCase("text/event-stream") {
            self = .eventStream
        } else if essence.equalsIgnoringCase("text/html") || essence.equalsIgnoringCase("application/xhtml+xml") {
            self = .html
        } else {
            self = .other
        }
    }

    package init(_ value: String) {
        self.init(value.utf8Span.span)
    }
}
