// SPDX-License-Identifier: Apache-2.0

import JSONText

/// A JSON-RPC message from the server, read without building a tree; nothing is allocated for a result.
enum JSONRPCMessage {
    /// The response to our request.
    case result(RPCResult)
    /// A response with a result, to another request.
    case foreignResult
    case error(RPCError)
    /// A request or a notification of the server's.
    case call
    /// No JSON-RPC message.
    case other

    /// Reads a whole text: one message, or a batch (MCP 2025-03-26), of which the message that matters most is taken.
    static func read(_ bytes: Span<UInt8>, expecting id: RequestID) throws(JSONError) -> JSONRPCMessage {
        var reader = JSONReader()
        reader.skipByteOrderMark(in: bytes)
        var message = JSONRPCMessage.other
        if try reader.peek(in: bytes) == .array {
            try reader.enterArray(in: bytes)
            while try reader.nextElement(in: bytes) {
                let next = try readOne(bytes, with: &reader, expecting: id)
                if next.weight > message.weight { message = next }
            }
        } else {
            message = try readOne(bytes, with: &reader, expecting: id)
        }
        try reader.readEnd(in: bytes)
        return message
    }

    /// How much the message says of our request.
    var weight: Int {
        switch self {
        case .result: 6
        case .error(let error):
            switch error.identity {
            case .own: 5
            case .null: 4
            case .foreign: 3
            }
        case .foreignResult: 2
        case .call: 1
        case .other: 0
        }
    }

    private static func readOne(
        _ bytes: Span<UInt8>,
        with reader: inout JSONReader,
        expecting id: RequestID
    ) throws(JSONError) -> JSONRPCMessage {
        guard try reader.peek(in: bytes) == .object else {
            try reader.skipValue(in: bytes)
            return .other
        }
        var isVersion2 = false
        var isCall = false
        var identity = RPCError.Identity.null
        var result: RPCResult?
        var error: RPCError?
        try reader.enterObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            let kind = try reader.peek(in: bytes)
            if key.equals("id", in: bytes) {
                identity = try readIdentity(kind, bytes, with: &reader, expecting: id)
            } else if key.equals("jsonrpc", in: bytes), kind == .string {
                isVersion2 = try reader.readString(in: bytes).equals("2.0", in: bytes)
            } else if key.equals("result", in: bytes), kind == .object {
                result = try readResult(bytes, with: &reader)
            } else if key.equals("error", in: bytes), kind == .object {
                error = try readError(bytes, with: &reader)
            } else {
                isCall = isCall || key.equals("method", in: bytes)
                try reader.skipValue(in: bytes)
            }
        }
        // Exactly one of the two (JSON-RPC 2.0, section 5).
        switch (result, error) {
        case _ where isCall: return .call
        case (let result?, nil) where isVersion2: return identity == .own ? .result(result) : .foreignResult
        case (nil, var error?):
            error.identity = identity
            return .error(error)
        default: return .other
        }
    }

    private static func readIdentity(
        _ kind: JSONKind,
        _ bytes: Span<UInt8>,
        with reader: inout JSONReader,
        expecting id: RequestID
    ) throws(JSONError) -> RPCError.Identity {
        guard kind == .string else {
            try reader.skipValue(in: bytes)
            return kind == .null ? .null : .foreign
        }
        let token = try reader.readString(in: bytes)
        let isOwn =
            token.hasEscapes
            ? id.matches(token.decoded(in: bytes).span) : id.matches(bytes.extracting(token.range))
        return isOwn ? .own : .foreign
    }

    private static func readResult(
        _ bytes: Span<UInt8>,
        with reader: inout JSONReader
    ) throws(JSONError) -> RPCResult {
        var result = RPCResult()
        let start = reader.offset
        try reader.enterObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            let kind = try reader.peek(in: bytes)
            if key.equals("isError", in: bytes), kind == .bool {
                result.isError = try reader.readLiteral(in: bytes) ?? false
            } else if key.equals("resultType", in: bytes), kind == .string {
                result.inputRequired = try reader.readString(in: bytes).equals("input_required", in: bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        result.range = start..<reader.offset
        return result
    }

    /// Reads an error object; nil when it has no code.
    private static func readError(
        _ bytes: Span<UInt8>,
        with reader: inout JSONReader
    ) throws(JSONError) -> RPCError? {
        var code: Int64?
        var message = ""
        try reader.enterObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            let kind = try reader.peek(in: bytes)
            if key.equals("code", in: bytes), kind == .number {
                let text = bytes.copy(try reader.readNumber(in: bytes))
                code = JSONNumber(text: String(decoding: text, as: UTF8.self)).int64 ?? 0
            } else if key.equals("message", in: bytes), kind == .string {
                let text = try reader.readString(in: bytes).decoded(in: bytes, limit: UnusableText.limit)
                message = String(decoding: text, as: UTF8.self)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        return code.map { RPCError(code: $0, message: message) }
    }
}
