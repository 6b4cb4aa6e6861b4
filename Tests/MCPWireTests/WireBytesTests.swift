// SPDX-License-Identifier: Apache-2.0

import JSONText
import KeepaliveEngine
import MCPWire
import Testing

/// What is sent, byte by byte.
@Suite struct WireBytesTests {
    private let id = RequestID(prefix: 0xFEDC_BA98_7654_3210, counter: 1)
    private let client = ClientInformation(name: "mcp-keepalive", version: "0.1.0")
    private let traceparent = Array("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".utf8)

    /// What `append` appends, which must be JSON and leave alone what was there before.
    private func text(_ append: (inout [UInt8]) -> Void) throws -> String {
        var bytes = Array("POST".utf8)
        append(&bytes)
        let text = try #require(String(validating: bytes, as: UTF8.self))
        #expect(text.hasPrefix("POST"))
        _ = try JSONValue.parse(bytes.span.extracting(4...))
        return String(text.dropFirst(4))
    }

    @Test func `ping`() throws {
        #expect(
            try text { JSONRPCRequest.appendPing(id: id, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"ping"}"#
        )
        #expect(
            try text { JSONRPCRequest.appendPing(id: id, traceparent: traceparent, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"ping","params":{"_meta":{"traceparent":"#
                + #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}}"#
        )
    }

    @Test func `a tool call`() throws {
        #expect(
            try text { JSONRPCRequest.appendToolCall(ToolCall(name: "peek"), id: id, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"tools/call","#
                + #""params":{"name":"peek","arguments":{}}}"#
        )
        let call = ToolCall(name: "a\"b\n", arguments: Array(#"{"handle":"main"}"#.utf8))
        #expect(call.name == "a\"b\n")
        #expect(
            try text { JSONRPCRequest.appendToolCall(call, id: id, traceparent: traceparent, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"tools/call","params":{"name":"a\"b\n","#
                + #""arguments":{"handle":"main"},"_meta":{"traceparent":"#
                + #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}}"#
        )
    }

    @Test func `initialize and initialized`() throws {
        #expect(
            try text { JSONRPCRequest.appendInitialize(client, id: id, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"initialize","params":{"#
                + #""protocolVersion":"2025-11-25","capabilities":{},"#
                + #""clientInfo":{"name":"mcp-keepalive","version":"0.1.0"}}}"#
        )
        let traced = try text {
            JSONRPCRequest.appendInitialize(client, id: id, traceparent: traceparent, to: &$0)
        }
        #expect(traced.contains(#""version":"0.1.0"},"_meta":{"traceparent":"00-"#))
        #expect(
            try text { JSONRPCRequest.appendInitialized(to: &$0) }
                == #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
        )
    }

    @Test func `a list of tools`() throws {
        #expect(
            try text { JSONRPCRequest.appendToolList(id: id, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"tools/list"}"#
        )
        #expect(
            try text { JSONRPCRequest.appendToolList(cursor: "p\"2", id: id, to: &$0) }
                == #"{"jsonrpc":"2.0","id":"ka-fedcba9876543210-1","method":"tools/list","params":{"cursor":"p\"2"}}"#
        )
    }

    @Test(arguments: [
        (CallMethod.ping, "ping"), (.tool, "tools/call"),
    ])
    func `methods have the names of the wire`(method: CallMethod, name: String) {
        #expect(MCPMethod(method).rawValue == name)
    }

    // MARK: Ids

    @Test(
        arguments: [
            (0, 0, "ka-0000000000000000-0"), (0xA, 9, "ka-000000000000000a-9"), (1 << 63, 10, "ka-8000000000000000-10"),
            (.max, .max, "ka-ffffffffffffffff-18446744073709551615"),
            (0x0123_4567_89AB_CDEF, 10_000_000_000_000_000_000, "ka-0123456789abcdef-10000000000000000000"),
        ] as [(UInt64, UInt64, String)]
    )
    func `an id is written and recognized`(prefix: UInt64, counter: UInt64, text: String) {
        let id = RequestID(prefix: prefix, counter: counter)
        #expect(id.description == text)
        let isOwn = id.matches(text.utf8Span.span)
        #expect(isOwn)
        let start = text.prefix(20)
        let others: [String] = [
            "", "ka-", "\(text)0", "0\(text)", "x\(text.dropFirst())", "\(text.dropLast())x", String(text.dropLast()),
            "\(start)0\(text.dropFirst(20))", "\(text.prefix(19))_\(text.dropFirst(20))", text.uppercased(),
        ]
        for other in others where other != text {
            let isMatch = id.matches(other.utf8Span.span)
            #expect(!isMatch, "\(other)")
        }
    }

    @Test func `ids are never handed out twice`() {
        var random = SplitMix64(seed: 1)
        var source = RequestIDSource(using: &random)
        let ids = (0..<1000).map { _ in source.next() }
        #expect(Set(ids).count == 1000)
        #expect(Set(ids.map(\.prefix)).count == 1)
        #expect(ids.first?.counter == 0)
        var another = RequestIDSource(using: &random)
        #expect(another.next().prefix != ids.first?.prefix)
    }
}
