// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// An HTTP answer as it goes out.
struct WireAnswer: Sendable, Equatable {
    var status: Int
    var contentType: String?
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    init(status: Int, contentType: String? = nil, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// A JSON-RPC response in the given form. Errors with an HTTP error status are never streams.
    init(status: Int = 200, form: AnswerForm, message: [UInt8]) {
        self.status = status
        guard case .eventStream(let primingEvent, let comments, let foreignEvents) = form, status == 200 else {
            contentType = "application/json"
            body = message
            return
        }
        contentType = "text/event-stream"
        var text = ""
        if primingEvent { text += "id: priming-1\r\ndata: \r\nretry: 1000\r\n\r\n" }
        if comments { text += ": ping - keep the line busy\r\n\r\n" }
        if foreignEvents {
            text += "event: message\r\n"
            text += #"data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}"#
            text += "\r\n\r\nevent: message\r\n"
            text += #"data: {"jsonrpc":"2.0","id":"somebody-else-1","result":{}}"#
            text += "\r\n\r\n"
        }
        // Python servers end lines with CRLF; LF and CR are as legal.
        body = Array("\(text)event: message\r\ndata: ".utf8) + message + Array("\r\n\r\n".utf8)
    }

    /// `{"jsonrpc":"2.0","id":…,"result":…}` with the members that `write` adds to the result.
    static func result(id: JSONValue?, _ write: (inout JSONWriter) -> Void = { _ in }) -> [UInt8] {
        message(id: id) { writer in
            writer.key("result")
            writer.beginObject()
            write(&writer)
            writer.endObject()
        }
    }

    /// `{"jsonrpc":"2.0","id":…,"error":{"code":…,"message":…}}`
    static func error(id: JSONValue?, code: Int, message text: String) -> [UInt8] {
        message(id: id) { writer in
            writer.key("error")
            writer.beginObject()
            writer.key("code")
            writer.integer(code)
            writer.key("message")
            writer.string(text)
            writer.endObject()
        }
    }

    private static func message(id: JSONValue?, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("jsonrpc")
        writer.string(literal: "2.0")
        writer.key("id")
        switch id {
        case .string(let text): writer.string(text)
        case .number(let number): writer.raw(Array(number.text.utf8))
        default: writer.null()
        }
        write(&writer)
        writer.endObject()
        return writer.bytes
    }
}
