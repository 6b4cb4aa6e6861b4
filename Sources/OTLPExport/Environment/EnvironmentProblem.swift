// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an environment variable. Never holds the value of one that may be a secret.
public struct EnvironmentProblem: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The variable, or a part of it, was ignored or has no effect.
        case warning
        /// What was asked for is not there, and doing something else instead would surprise.
        case error
    }

    /// How bad it is.
    public var severity: Severity
    /// The variable's name.
    public var variable: String
    /// What is wrong and what happens instead, in one clause without a final period.
    public var message: String

    /// A problem.
    public init(_ severity: Severity, _ variable: String, _ message: String) {
        self.severity = severity
        self.variable = variable
        self.message = message
    }

    /// A line for people, without the severity.
    public var description: String { "\(variable): \(message)" }
}
