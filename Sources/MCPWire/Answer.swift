// SPDX-License-Identifier: Apache-2.0

/// What the body of an answer was, seen from the one request that it should answer.
package enum Answer: Sendable, Hashable {
    /// No body was read: the transfer failed before there was any.
    case none
    /// The response to our request, with a result.
    case result(RPCResult)
    /// A JSON-RPC error.
    case error(RPCError)
    /// The body is empty.
    case empty
    /// An event stream ended without a response to our request.
    case endedWithoutResponse
    /// Something that is no answer to a JSON-RPC request.
    case unusable(Defect, UnusableText)

    /// What is wrong with an answer.
    package enum Defect: String, Sendable, Hashable, CaseIterable {
        /// Not JSON, nested deeper than 64, or not UTF-8.
        case syntax
        /// JSON, but no JSON-RPC response.
        case notJSONRPC = "not_json_rpc"
        /// A response to another request.
        case wrongID = "wrong_id"
        /// Neither `application/json` nor `text/event-stream`.
        case contentType = "content_type"
        /// Compressed, which was not asked for.
        case contentEncoding = "content_encoding"
    }

    /// What the answer says of the session, in an error message or a body that is no HTML page.
    package var sessionText: SessionText {
        switch self {
        case .error(let error): error.sessionText
        case .unusable(_, let text): text.sessionText
        case .none, .result, .empty, .endedWithoutResponse: .silent
        }
    }

    /// The JSON-RPC error code, where there is one.
    package var errorCode: Int64? {
        guard case .error(let error) = self else { return nil }
        return error.code
    }

    /// The answer is a JSON-RPC response, if not necessarily ours.
    package var isJSONRPC: Bool {
        switch self {
        case .result, .error, .unusable(.wrongID, _): true
        case .none, .empty, .endedWithoutResponse, .unusable: false
        }
    }
}
