// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import Foundation
internal import HTTPTypes
internal import NIOCore

/// An answer that is known as a whole before it is sent.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer

    private init(_ status: HTTPResponse.Status, _ type: String, _ body: ByteBuffer, _ headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        self.headers[.contentType] = type
        self.headers[.contentLength] = String(body.readableBytes)
        self.body = body
    }

    /// 204: done, and nothing to say.
    static var empty: Answer {
        var answer = Answer(.noContent, "", ByteBuffer())
        answer.headers = [:]
        return answer
    }

    static func text(_ text: String, _ status: HTTPResponse.Status) -> Answer {
        Answer(status, "text/plain; charset=utf-8", ByteBuffer(string: text))
    }

    static func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) -> Answer {
        do {
            return Answer(status, "application/json", ByteBuffer(bytes: try ControlJSON.encode(value)))
        } catch {
            // A number that JSON does not have, such as infinity.
            return .problem(ControlProblem(.internalError, "the answer cannot be written as JSON"))
        }
    }

    /// RFC 9457 section 3.
    static func problem(_ problem: ControlProblem, headers: HTTPFields = [:]) -> Answer {
        let body = (try? ControlJSON.encode(problem)).map { ByteBuffer(bytes: $0) }
        return Answer(
            HTTPResponse.Status(code: problem.status),
            "application/problem+json",
            // It has five strings and a number, which JSON has.
            body ?? ByteBuffer(string: "{}"),
            headers
        )
    }
}
