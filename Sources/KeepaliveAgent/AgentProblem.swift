// SPDX-License-Identifier: Apache-2.0

/// Why the agent cannot start, in words for people.
package struct AgentProblem: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
