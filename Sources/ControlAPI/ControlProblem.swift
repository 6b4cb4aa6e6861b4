// SPDX-License-Identifier: Apache-2.0

/// Why a request was refused: an RFC 9457 problem, and an error that the control plane throws.
package struct ControlProblem: Error, Codable, Sendable, Hashable, CustomStringConvertible {
    /// `type`: RFC 9457 section 3.1.1, a URI that names the kind of problem.
    package var type: String
    package var title: String
    package var status: Int
    package var code: ProblemCode
    /// `detail`: what is wrong this time and what to do about it; never a session id or a credential.
    package var detail: String

    package init(_ code: ProblemCode, _ detail: String) {
        type = "urn:mcp-keepalive:problem:\(code.rawValue)"
        title = code.title
        status = code.status
        self.code = code
        self.detail = detail
    }

    package var description: String { detail }
}
