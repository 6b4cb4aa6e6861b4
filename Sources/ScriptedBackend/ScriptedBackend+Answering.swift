// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// The answers as values: what goes on the wire for a request, given its admission and what the script said.
extension ScriptedBackend {
    /// The answer of a script, except for those that take time.
    func render(_ answer: ScriptedAnswer, to request: ScriptedRequest, admission: SessionLedger.Admission) -> WireAnswer
    {
        switch answer {
        case .success, .delay, .hang:
            return regular(request, admission: admission)
        case .rpcError(let code, let message, let status):
            let text = WireAnswer.error(id: request.id, code: code, message: message)
            return WireAnswer(status: status, form: options.answersAs, message: text)
        case .methodNotFound(let status):
            let text = WireAnswer.error(id: request.id, code: -32601, message: "Method not found")
            return WireAnswer(status: status, form: options.answersAs, message: text)
        case .toolError(let text):
            return toolResult(text, isError: true, to: request)
        case .status(let status, let body, let contentType, let headers):
            return WireAnswer(status: status, contentType: contentType, headers: headers, body: Array(body.utf8))
        case .sessionExpired:
            if let id = request.sessionID { expire(id) }
            return unknownSession
        case .redirect(let target):
            return WireAnswer(status: 307, headers: ["location": target])
        case .emptyStream:
            return WireAnswer(status: 200, contentType: "text/event-stream", body: Array(": nothing\r\n\r\n".utf8))
        case .unauthorized:
            return WireAnswer(status: 401, headers: ["www-authenticate": "Bearer"])
        case .retryAfter(let value, let status):
            return WireAnswer(status: status, headers: ["retry-after": value])
        }
    }

    /// What the specification asks for (MCP 2025-11-25, Transports, Streamable HTTP).
    private func regular(_ request: ScriptedRequest, admission: SessionLedger.Admission) -> WireAnswer {
        guard request.httpMethod == "POST" || request.httpMethod == "DELETE" else {
            return WireAnswer(status: 405, headers: ["allow": "POST, DELETE"])
        }
        guard request.isReadable else {
            let text = WireAnswer.error(id: nil, code: -32700, message: "Parse error")
            return WireAnswer(status: 400, form: .json, message: text)
        }
        switch admission {
        case .missingID:
            let text = WireAnswer.error(id: nil, code: -32600, message: "Bad Request: Missing session ID")
            return WireAnswer(status: 400, form: .json, message: text)
        case .unknownID:
            return unknownSession
        case .admitted:
            return request.httpMethod == "DELETE" ? delete(request) : call(request)
        }
    }

    private var unknownSession: WireAnswer {
        WireAnswer(
            status: 404,
            form: .json,
            message: WireAnswer.error(id: nil, code: -32600, message: "Session not found")
        )
    }

    private func delete(_ request: ScriptedRequest) -> WireAnswer {
        guard let id = request.sessionID else { return WireAnswer(status: 405) }
        close(id)
        return WireAnswer(status: 200)
    }

    private func call(_ request: ScriptedRequest) -> WireAnswer {
        guard request.id != nil else { return WireAnswer(status: 202) }
        switch request.method {
        case "initialize":
            return initialize(request)
        case "ping":
            return WireAnswer(form: options.answersAs, message: WireAnswer.result(id: request.id))
        case "tools/list":
            return WireAnswer(form: options.answersAs, message: WireAnswer.result(id: request.id, writeTools))
        case "tools/call":
            let name = request.tool ?? ""
            let isKnown = options.tools[name] != nil
            return toolResult(isKnown ? "ok" : "Unknown tool: \(name)", isError: !isKnown, to: request)
        default:
            let text = WireAnswer.error(id: request.id, code: -32601, message: "Method not found")
            return WireAnswer(form: options.answersAs, message: text)
        }
    }

    private func initialize(_ request: ScriptedRequest) -> WireAnswer {
        let message = WireAnswer.result(id: request.id) { writer in
            writer.key("protocolVersion")
            writer.string(options.protocolVersion)
            writer.key("capabilities")
            writer.raw(literal: #"{"tools":{}}"#)
            writer.key("serverInfo")
            writer.raw(literal: #"{"name":"scripted-backend","version":"1.0.0"}"#)
            if let seconds = advertisedSeconds {
                writer.key("_meta")
                writer.beginObject()
                writer.key("gortex/session_idle_ttl_seconds")
                writer.integer(seconds)
                writer.endObject()
            }
        }
        var answer = WireAnswer(form: options.answersAs, message: message)
        if options.issuesSessionIDs { answer.headers["mcp-session-id"] = openSession() }
        return answer
    }

    private func toolResult(_ text: String, isError: Bool, to request: ScriptedRequest) -> WireAnswer {
        let message = WireAnswer.result(id: request.id) { writer in
            writer.key("content")
            writer.beginArray()
            writer.beginObject()
            writer.key("type")
            writer.string(literal: "text")
            writer.key("text")
            writer.string(text)
            writer.endObject()
            writer.endArray()
            if isError {
                writer.key("isError")
                writer.bool(true)
            }
        }
        return WireAnswer(form: options.answersAs, message: message)
    }

    private func writeTools(_ writer: inout JSONWriter) {
        writer.key("tools")
        writer.beginArray()
        for (name, isReadOnly) in options.tools.sorted(by: { $0.key < $1.key }) {
            writer.beginObject()
            writer.key("name")
            writer.string(name)
            writer.key("inputSchema")
            writer.raw(literal: #"{"type":"object"}"#)
            writer.key("annotations")
            writer.beginObject()
            writer.key("readOnlyHint")
            writer.bool(isReadOnly)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }

    /// The idle time that clients are told, in whole seconds.
    var advertisedSeconds: Int? {
        guard options.advertisesTTL, let idleTTL = options.idleTTL else { return nil }
        return Int(idleTTL.components.seconds)
    }
}
