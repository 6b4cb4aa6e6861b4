// SPDX-License-Identifier: Apache-2.0

/// Notices that a file became another one, however it was replaced. Polled by its owner; keeps only a fingerprint.
package struct FileWatch: Sendable {
    /// What a poll found.
    package enum Change: Sendable, Hashable {
        case none
        /// There is a file, and it is not the one of the last poll: read it.
        case changed
        /// There was a file, and there is none any more.
        case vanished
    }

    /// The watched path, as it was given.
    package let path: String
    /// The file of the last poll; nil when there was none.
    package private(set) var fingerprint: FileFingerprint?
    private let takeFingerprint: @Sendable (String) -> FileFingerprint?

    /// Watches `path` and has seen nothing yet: the first poll reports a file that exists as changed.
    package init(
        path: String,
        takeFingerprint: @escaping @Sendable (String) -> FileFingerprint? = { FileFingerprint(ofFileAt: $0) }
    ) {
        self.path = path
        self.takeFingerprint = takeFingerprint
    }

    /// Looks at the file. Read it after the poll, not before: what changes in between is then reported by the next one.
    package mutating func poll() -> Change {
        let current = takeFingerprint(path)
        guard current != fingerprint else { return .none }
        fingerprint = current
        return current == nil ? .vanished : .changed
    }
}
