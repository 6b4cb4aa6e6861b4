// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// What each kind of failed call means: the one table of it.
///
/// The body comes before the status: errors are matched by the HTTP exchange, and many servers tell an expired session
/// by words under any status at all.
package enum OutcomeClassification {
    /// One kind of failure.
    package struct Row: Sendable {
        /// What was seen, in words.
        package let seen: String
        /// The value of the `reason` attribute.
        package let reason: FailureReason
        /// What it says of the session.
        package let verdict: Verdict
        /// What it means for the backend's breaker.
        package let breaker: BreakerEffect
        /// What the engine does about it.
        package let reaction: Reaction
        /// Whether the row is about such a call; false as well where an earlier row is.
        package let matches: @Sendable (CallEvidence) -> Bool

        init(
            _ seen: String,
            _ reason: FailureReason,
            _ verdict: Verdict,
            _ breaker: BreakerEffect,
            _ reaction: Reaction = .none,
            matches: @escaping @Sendable (CallEvidence) -> Bool
        ) {
            self.seen = seen
            self.reason = reason
            self.verdict = verdict
            self.breaker = breaker
            self.reaction = reaction
            self.matches = matches
        }

        /// The outcome that the row says.
        package var outcome: Outcome {
            Outcome(reason: reason, verdict: verdict, breaker: breaker, reaction: reaction)
        }
    }

    /// The table; the first row that matches wins. The last one matches everything.
    package static let rows: [Row] =
        answerRows + statusRows + transferRows + bodyRows + [
            Row("anything else", .protocol, .unknown, .counts) { _ in true }
        ]

    /// Reasons that belong to transports that come later.
    package static let reservedRows: [Row] = [
        Row("409 on the agent's own GET", .streamConflict, .alive, .none) { _ in false },
        Row("the process of a stdio backend ended", .childExited, .lost, .counts, .stopSession) { _ in false },
    ]

    /// What the call came to. A success never walks the table.
    package static func classify(_ evidence: CallEvidence) -> Outcome {
        var outcome = Outcome.success
        if !evidence.isSuccess, let row = rows.first(where: { $0.matches(evidence) }) {
            outcome = row.outcome
        }
        outcome.retryAfter = evidence.retryAfter
        outcome.advertisedTTL = evidence.advertisedTTL
        return outcome
    }

    /// The outcome of the first row for `reason`, its plainest case: that of a ping.
    package static func outcome(for reason: FailureReason) -> Outcome {
        guard let row = (rows + reservedRows).first(where: { $0.reason == reason }) else {
            preconditionFailure("every reason has a row")
        }
        return row.outcome
    }
}

extension OutcomeClassification {
    /// What the agent did itself, and what the answer's own words say.
    private static let answerRows: [Row] = [
        // CURLE_ABORTED_BY_CALLBACK (42)
        Row("stopped by the agent", .cancelled, .unknown, .none) { $0.stoppedByAgent || $0.curlCode == 42 },

        // Also with 404, where the session may be well (go-sdk #897 closed healthy ones).
        Row("ping: -32601 or \"unknown method\" at 2xx", .methodNotFound, .alive, .none, .latchMethod) {
            $0.request == .ping && $0.isOK && saysMethodNotFound($0.answer)
        },
        Row("ping: -32601 or \"unknown method\"", .methodNotFound, .unknown, .none, .latchMethod) {
            $0.request == .ping && saysMethodNotFound($0.answer)
        },
        Row("initialize: -32601", .methodNotFound, .unknown, .none, .redetectEra) {
            $0.request == .initialize && $0.answer.errorCode == RPCError.methodNotFound
        },
        Row("tools/call: -32601 at 2xx", .methodNotFound, .alive, .counts) {
            $0.isOK && $0.answer.errorCode == RPCError.methodNotFound
        },
        Row("tools/call: -32601", .methodNotFound, .unknown, .counts) {
            $0.answer.errorCode == RPCError.methodNotFound
        },

        Row("401", .unauthorized, .unknown, .none, .refreshCredential) { $0.status == 401 },

        Row("-32020, -32021", .protocol, .unknown, .counts) {
            [RPCError.headerMismatch, RPCError.missingClientCapability].contains($0.answer.errorCode)
        },
        // What a server answers that speaks only MCP 2026-07-28, or a draft of it.
        Row("initialize: -32022, -32004", .protocol, .unknown, .none, .redetectEra) {
            $0.request == .initialize
                && [RPCError.unsupportedProtocolVersion, RPCError.draftUnsupportedProtocolVersion]
                    .contains($0.answer.errorCode)
        },
        Row("-32022", .protocol, .unknown, .counts, .redetectEra) {
            $0.answer.errorCode == RPCError.unsupportedProtocolVersion
        },

        // `initialize` bears no session that could have expired: there, 404 is most likely a wrong URL.
        Row("words of a lost session", .sessionExpired, .lost, .none, .stopSession) {
            $0.bearsSession && $0.answer.sessionText == .lost
        },
        Row("404, 410 with a JSON-RPC error", .sessionExpired, .lost, .none, .stopSession) {
            $0.bearsSession && [404, 410].contains($0.status)
                && $0.answer.errorCode != nil && $0.answer.sessionText == .silent
        },
        Row("2xx with -32600 or -32001 that has not our id", .sessionExpired, .lost, .none, .stopSession) {
            guard $0.bearsSession, $0.isOK, case .error(let error) = $0.answer, error.identity != .own else {
                return false
            }
            return [RPCError.invalidRequest, RPCError.sessionNotFound].contains(error.code)
                && error.sessionText == .silent
        },
        Row("tools/call: isError, input_required", .toolError, .alive, .counts) {
            guard $0.request == .callTool, $0.isOK, case .result = $0.answer else { return false }
            return true
        },
        Row("another JSON-RPC error at 2xx", .rpcError, .alive, .counts) {
            guard $0.isOK, case .error(let error) = $0.answer else { return false }
            return error.identity == .own || $0.isComplete
        },
    ]

    /// What the HTTP status says where the answer says nothing.
    private static let statusRows: [Row] = [
        // An ingress in the middle of a deployment looks like this, too.
        Row("404, 410 without JSON-RPC", .sessionExpired, .unknown, .none, .recheckSession) {
            $0.bearsSession && [404, 410].contains($0.status) && !$0.answer.isJSONRPC
        },
        Row("403", .forbidden, .unknown, .none, .pauseSession) { $0.status == 403 },
        Row("429", .rateLimited, .unknown, .none, .pauseBackend) { $0.status == 429 },
        Row("3xx", .redirect, .unknown, .trips) { (300..<400).contains($0.status) },
        Row("another 4xx", .http4xx, .unknown, .counts) { (400..<500).contains($0.status) },
        Row("5xx but 503", .http5xx, .unknown, .counts) { (500..<600).contains($0.status) && $0.status != 503 },
        Row("503", .http5xx, .unknown, .counts, .pauseBackendIfTold) { $0.status == 503 },
    ]

    /// What the transfer itself says.
    private static let transferRows: [Row] = [
        // EMFILE, ENFILE, ENOBUFS, EADDRNOTAVAIL, ENOMEM
        Row("out of descriptors, ports or memory", .localResource, .unknown, .none, .shedLoad) {
            $0.curlCode != 0 && [24, 23, 105, 99, 12].contains($0.osError)
        },
        Row("body over its cap", .bodyTooLarge, .unknown, .counts) {
            // CURLE_FILESIZE_EXCEEDED (63)
            $0.limitExceeded || $0.curlCode == 63
        },
        Row("header section over its cap", .protocol, .unknown, .counts) {
            // CURLE_TOO_LARGE (100)
            $0.headersTooLarge || $0.curlCode == 100
        },
        // UNSUPPORTED_PROTOCOL, URL_MALFORMAT, WEIRD_SERVER_REPLY, HTTP2, BAD_CONTENT_ENCODING, HTTP2_STREAM
        Row("curl 1, 3, 8, 16, 61, 92", .protocol, .unknown, .counts) { [1, 3, 8, 16, 61, 92].contains($0.curlCode) },
        // OPERATION_TIMEDOUT
        Row("curl 28", .timeout, .unknown, .counts) { $0.curlCode == 28 },
        // COULDNT_RESOLVE_PROXY, COULDNT_RESOLVE_HOST
        Row("curl 5, 6", .dns, .unknown, .counts) { [5, 6].contains($0.curlCode) },
        // COULDNT_CONNECT, PROXY
        Row("curl 7, 97", .connect, .unknown, .counts) { [7, 97].contains($0.curlCode) },
        // GOT_NOTHING, SEND_ERROR, RECV_ERROR, SEND_FAIL_REWIND
        Row("curl 52, 55, 56, 65", .reset, .unknown, .counts) { [52, 55, 56, 65].contains($0.curlCode) },
        Row("TLS", .tls, .unknown, .trips) { tlsCodes.contains($0.curlCode) },
        // PARTIAL_FILE
        Row("curl 18", .noResponse, .unknown, .counts) { $0.curlCode == 18 },
        // FAILED_INIT, NOT_BUILT_IN, OUT_OF_MEMORY, FUNCTION_NOT_FOUND, BAD_FUNCTION_ARGUMENT, INTERFACE_FAILED,
        // UNKNOWN_OPTION, NO_CONNECTION_AVAILABLE
        Row("curl 2, 4, 27, 41, 43, 45, 48, 89", .localResource, .unknown, .none, .shedLoad) {
            [2, 4, 27, 41, 43, 45, 48, 89].contains($0.curlCode)
        },
    ]

    /// What a complete 2xx answer lacks.
    private static let bodyRows: [Row] = [
        Row("2xx, empty or ended without our id", .noResponse, .unknown, .counts) {
            $0.isOK && $0.isComplete && [.none, .empty, .endedWithoutResponse].contains($0.answer)
        },
        Row("2xx, bad JSON, content type, encoding or id", .protocol, .unknown, .counts) {
            guard $0.isOK, case .unusable = $0.answer else { return false }
            return true
        },
    ]

    /// SSL_CONNECT_ERROR, PEER_FAILED_VERIFICATION (51 is its old number), SSL_ENGINE_NOTFOUND, SSL_ENGINE_SETFAILED,
    /// SSL_CERTPROBLEM, SSL_CIPHER, PEER_FAILED_VERIFICATION, USE_SSL_FAILED, SSL_ENGINE_INITFAILED,
    /// SSL_CACERT_BADFILE, SSL_SHUTDOWN_FAILED, SSL_CRL_BADFILE, SSL_ISSUER_ERROR, SSL_PINNEDPUBKEYNOTMATCH,
    /// SSL_INVALIDCERTSTATUS, SSL_CLIENTCERT
    private static let tlsCodes: Set<Int32> = [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98]

    /// The server does not know the method: by code, or by words, since not every server keeps to the code.
    private static func saysMethodNotFound(_ answer: Answer) -> Bool {
        guard case .error(let error) = answer else { return false }
        if error.code == RPCError.methodNotFound { return true }
        let message = error.message.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return (["unknown method", "unsupported method", "method not found"] as [StaticString]).contains {
            message.span.contains($0)
        }
    }
}
