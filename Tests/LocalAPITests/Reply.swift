// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation

/// An answer, parsed.
struct Reply {
    var status = 0
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body = ""

    /// Reads the first answer of what a server sent.
    init(_ received: RawClient.Received) {
        // "\r\n" is one Character, so lines are split by it and not by its parts.
        let lines = received.text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let headEnd = lines.firstIndex(of: "") ?? lines.endIndex
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines[..<headEnd].dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        body = lines[headEnd...].dropFirst().joined(separator: "\r\n")
    }

    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try ControlJSON.decode(type, from: Data(body.utf8))
    }

    /// The code of a problem that is well formed in all its parts; nil for other answers.
    var problem: ProblemCode? {
        guard headers["content-type"] == "application/problem+json",
            let problem = try? decoded(as: ControlProblem.self),
            problem.status == status, problem.code.status == status, problem.title == problem.code.title,
            !problem.detail.isEmpty
        else { return nil }
        return problem.code
    }
}
