// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import MCPWire
import Transfer

/// The ping that every client sends, so that all of them have the same bytes to move.
enum ConstantRequest {
    /// What all ids begin with; the number of the session follows.
    static let sessionPrefix: StaticString = "0b0d4a52-7c1e-4f0a-9d3e-"

    /// The id of a session, as the official SDKs make them.
    static func sessionID(_ number: Int) -> String {
        let digits = String(number)
        return "\(sessionPrefix)" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// The version that every session negotiated.
    static let protocolVersion = ProtocolVersion.latestLegacy

    /// A session of somebody else's on the peer.
    static func session(_ number: Int, of backend: String) -> AttachedSession {
        var session = AttachedSession(backend: backend, sessionID: Secret(sessionID(number)))
        session.protocolVersion = protocolVersion.rawValue
        return session
    }

    /// The headers, in the order in which the agent sends them.
    static let headers: [(name: StaticString, value: String)] = [
        (StreamableHTTPHeader.sessionID, sessionID(1)),
        (StreamableHTTPHeader.protocolVersion, protocolVersion.rawValue),
        ("User-Agent", "mcp-keepalive/benchmark"),
        (StreamableHTTPHeader.contentType, "\(StreamableHTTPHeader.contentTypeValue)"),
        (StreamableHTTPHeader.accept, "\(StreamableHTTPHeader.acceptValue)"),
    ]

    /// The peer, with the headers that are the same from request to request.
    static func endpoint(_ options: LoadOptions) -> EndpointOptions {
        var endpoint = EndpointOptions(url: options.url + "/mcp", maxConnections: options.inFlight)
        endpoint.headers = headers.dropFirst(2).map { HeaderField(name: "\($0.name)", value: $0.value) }
        endpoint.tls.caFile = options.caFile.isEmpty ? nil : options.caFile
        endpoint.tls.insecureSkipVerify = options.caFile.isEmpty
        return endpoint
    }

    /// A trace context as it is on each ping.
    static let traceparent = Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03".utf8)

    /// The body of a ping with an id of usual length.
    static var body: [UInt8] {
        var body: [UInt8] = []
        let id = RequestID(prefix: 0x0123_4567_89AB_CDEF, counter: 123_456)
        JSONRPCRequest.appendPing(id: id, traceparent: traceparent, to: &body)
        return body
    }

    /// The request for clients that are no part of this program.
    struct Description: Encodable {
        let headers = Dictionary(
            uniqueKeysWithValues: ConstantRequest.headers.map { ("\($0.name)", $0.value) }
        )
        let body = String(decoding: ConstantRequest.body, as: UTF8.self)
    }
}
