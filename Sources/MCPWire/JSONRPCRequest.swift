// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The requests of the agent, as the bytes of a POST body.
///
/// Each call appends one message. `traceparent` is the W3C header's value, or empty; it goes bare into `params._meta`
/// (SEP-414), on `ping`, too.
package enum JSONRPCRequest {
    /// `ping` (MCP 2025-11-25, basic/utilities/ping).
    package static func appendPing(id: RequestID, traceparent: [UInt8] = [], to bytes: inout [UInt8]) {
        begin(.ping, id: id, in: &bytes)
        if !traceparent.isEmpty {
            bytes.append(",\"params\":{")
            appendMeta(traceparent, to: &bytes)
            bytes.append("}")
        }
        bytes.append("}")
    }

    /// `tools/call`.
    package static func appendToolCall(
        _ call: ToolCall,
        id: RequestID,
        traceparent: [UInt8] = [],
        to bytes: inout [UInt8]
    ) {
        begin(.callTool, id: id, in: &bytes)
        bytes.append(",\"params\":{")
        bytes.append(contentsOf: call.members)
        if !traceparent.isEmpty {
            bytes.append(",")
            appendMeta(traceparent, to: &bytes)
        }
        bytes.append("}}")
    }

    /// `initialize`, without any capability: the agent answers no requests of servers.
    package static func appendInitialize(
        _ client: ClientInformation,
        version: ProtocolVersion = .latestLegacy,
        id: RequestID,
        traceparent: [UInt8] = [],
        to bytes: inout [UInt8]
    ) {
        begin(.initialize, id: id, in: &bytes)
        bytes.append(",\"params\":{\"protocolVersion\":\"")
        bytes.append(contentsOf: version.rawValue.utf8)
        bytes.append("\",\"capabilities\":{},\"clientInfo\":")
        bytes.append(contentsOf: client.json)
        if !traceparent.isEmpty {
            bytes.append(",")
            appendMeta(traceparent, to: &bytes)
        }
        bytes.append("}}")
    }

    /// `notifications/initialized`, which has no id and is answered by 202 alone.
    package static func appendInitialized(to bytes: inout [UInt8]) {
        bytes.append("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
    }

    /// `tools/list`; `cursor` is the one that the page before ended with.
    package static func appendToolList(cursor: String? = nil, id: RequestID, to bytes: inout [UInt8]) {
        begin(.listTools, id: id, in: &bytes)
        if let cursor {
            bytes.append(",\"params\":{\"cursor\":")
            var writer = JSONWriter()
            writer.string(cursor)
            bytes.append(contentsOf: writer.bytes)
            bytes.append("}")
        }
        bytes.append("}")
    }

    /// `{"jsonrpc":"2.0","id":"…","method":"…"`
    private static func begin(_ method: MCPMethod, id: RequestID, in bytes: inout [UInt8]) {
        bytes.append("{\"jsonrpc\":\"2.0\",\"id\":\"")
        id.append(to: &bytes)
        bytes.append("\",\"method\":\"")
        bytes.append(contentsOf: method.rawValue.utf8)
        bytes.append("\"")
    }

    /// `"_meta":{"traceparent":"…"}`
    private static func appendMeta(_ traceparent: [UInt8], to bytes: inout [UInt8]) {
        bytes.append("\"_meta\":{\"traceparent\":\"")
        bytes.append(contentsOf: traceparent)
        bytes.append("\"}")
    }
}

extension [UInt8] {
    /// Appends the UTF-8 of `text`.
    fileprivate mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
