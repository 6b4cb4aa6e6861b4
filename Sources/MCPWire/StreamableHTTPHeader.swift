// SPDX-License-Identifier: Apache-2.0

import HTTPValues
import JSONText

/// The headers of the Streamable HTTP transport: names, fixed values, and what their values mean.
package enum StreamableHTTPHeader {
    /// Which types of answers are understood.
    package static let accept: StaticString = "Accept"
    /// Both must be named, or servers answer 406 (MCP 2025-11-25, basic/transports, Sending Messages to the Server).
    package static let acceptValue: StaticString = "application/json, text/event-stream"
    /// The type of a body.
    package static let contentType: StaticString = "Content-Type"
    /// Every request is JSON.
    package static let contentTypeValue: StaticString = "application/json"
    /// Must be absent from answers: none is asked for.
    package static let contentEncoding: StaticString = "Content-Encoding"
    /// The session, from the answer to `initialize` on; a secret.
    package static let sessionID: StaticString = "Mcp-Session-Id"
    /// The negotiated version, see `ProtocolVersion.needsHeader`.
    package static let protocolVersion: StaticString = "MCP-Protocol-Version"
    /// The idle TTL of the session, on answers of some servers.
    package static let sessionIdleTTL: StaticString = "Mcp-Session-Idle-Ttl"
    /// How long the backend wants to be left alone.
    package static let retryAfter: StaticString = "Retry-After"

    /// The longest session id that is taken, in bytes.
    package static let longestSessionID = 8192

    /// The longest duration that a server can ask for, in seconds; longer ones are cut to it.
    static let longestSeconds = 1e9

    /// A session id has only visible ASCII characters (MCP 2025-11-25, basic/transports, Session Management).
    package static func isValidSessionID(_ text: Span<UInt8>) -> Bool {
        guard (1...longestSessionID).contains(text.count) else { return false }
        for position in 0..<text.count where !(0x21...0x7E).contains(text[position]) { return false }
        return true
    }

    /// A session id has only visible ASCII characters.
    package static func isValidSessionID(_ text: String) -> Bool {
        isValidSessionID(text.utf8Span.span)
    }

    /// A header value has no control characters but the tab (RFC 9110, section 5.5): a line break would begin a header.
    package static func isValidValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }

    /// `Retry-After`: seconds, or a date later than `now`; nil when it is neither (RFC 9110, section 10.2.3).
    /// - Parameter now: seconds since 1970.
    package static func retryAfter(_ value: Span<UInt8>, now: Int64) -> Duration? {
        RetryAfter.parse(value.copy(value.trimmed), now: now)
    }

    /// `Mcp-Session-Idle-Ttl`: whole seconds; nil for 0 and for anything else.
    package static func idleTTL(_ value: Span<UInt8>) -> Duration? {
        seconds(value, in: value.trimmed).flatMap { $0 > .zero ? $0 : nil }
    }

    /// The answer is encoded in a way that was not asked for.
    package static func isEncoded(_ contentEncoding: Span<UInt8>) -> Bool {
        let text = contentEncoding.trimmed
        return !text.isEmpty && !contentEncoding.extracting(text).equalsIgnoringCase("identity")
    }

    /// Digits only, any number of them.
    private static func seconds(_ value: Span<UInt8>, in range: Range<Int>) -> Duration? {
        guard !range.isEmpty else { return nil }
        var seconds: Int64 = 0
        for position in range {
            guard (0x30...0x39).contains(value[position]) else { return nil }
            seconds = min(seconds * 10 + Int64(value[position] - 0x30), Int64(longestSeconds))
        }
        return .seconds(seconds)
    }
}
