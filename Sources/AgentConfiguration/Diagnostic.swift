// SPDX-License-Identifier: Apache-2.0

/// One problem of a file: what, where, and what can be done about it. Never holds the value of a secret.
package struct Diagnostic: Sendable, Hashable {
    /// How bad a problem is.
    package enum Severity: String, Sendable, Hashable {
        /// The file cannot be used; of a sessions file, the entry or the file.
        case error
        /// The file can be used, but probably does not do what its author wants.
        case warning
    }

    package var severity: Severity
    /// What is wrong, in one clause without a final period.
    package var message: String
    /// The path of the file as it was given.
    package var file: String
    /// Where; nil when it is the file as a whole.
    package var position: SourcePosition?
    /// The line of the file with all secrets masked; nil when it must not be shown.
    package var excerpt: SourceExcerpt?
    /// The keys that lead to the place, such as `telemetry.compression`; empty at the top.
    package var keyPath: String
    /// What can be done about it.
    package var help: String?

    package init(
        _ severity: Severity,
        _ message: String,
        file: String,
        position: SourcePosition? = nil,
        excerpt: SourceExcerpt? = nil,
        keyPath: String = "",
        help: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.file = file
        self.position = position
        self.excerpt = excerpt
        self.keyPath = keyPath
        self.help = help
    }

    /// From 1; nil when it is the file as a whole.
    package var line: Int? { position?.line }

    /// From 1, in Unicode scalars; nil when it is the file as a whole.
    package var column: Int? { position?.column }
}

extension Sequence<Diagnostic> {
    /// Whether one of them is an error.
    package var hasErrors: Bool { contains { $0.severity == .error } }

    /// The diagnostics in the order of their positions; those of the whole file first, errors before warnings.
    package func sortedByPosition() -> [Diagnostic] {
        enumerated().sorted { left, right in
            let places = (left.element.position ?? SourcePosition(line: 0, column: 0))
            let others = (right.element.position ?? SourcePosition(line: 0, column: 0))
            if places != others { return places < others }
            if left.element.severity != right.element.severity { return left.element.severity == .error }
            return left.offset < right.offset
        }.map(\.element)
    }
}
