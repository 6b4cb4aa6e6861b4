// SPDX-License-Identifier: Apache-2.0

/// The list of attached sessions, as somebody else keeps it.
package struct SessionsFile: Sendable, Hashable {
    /// The entries that can be used, in the order of the file; unique by backend and session id, expired ones left out.
    package var sessions: [AttachedSession] = []
    /// All problems by position; they name lines and keys, and never quote the file. At most `mostDiagnostics`.
    package var diagnostics: [Diagnostic] = []
    /// Whether the file as a whole could not be used: the last good one stays in force.
    package var isBroken = false
    /// Whether there is no such file: at the start it counts as empty, later the last good one stays in force.
    package var isMissing = false
    /// Whether the same file may give more when it is read again: it, or a secret of an entry, could not be read now.
    package var isUnread = false

    package init() {}

    /// The largest file that is read, in bytes.
    package static let largestSize = 512 << 20

    /// How many problems are reported one by one.
    package static let mostDiagnostics = 100

    /// Reads and checks the file at `path`; see `parse`.
    package static func load(
        path: String,
        backends: [String],
        environment: [String: String],
        readFile: FileReader = .system,
        now: Int64,
        previous: [AttachedSession] = []
    ) -> SessionsFile {
        switch readFile(path, limit: largestSize) {
        case .success(let contents):
            var file = parse(
                bytes: contents.bytes,
                file: path,
                backends: backends,
                environment: environment,
                readFile: readFile,
                now: now,
                previous: previous
            )
            if contents.isReadableByOthers {
                let message = "the sessions file can be read by others than its owner"
                let help = "session ids are credentials: chmod 600 \(path)"
                file.diagnostics.insert(Diagnostic(.warning, message, file: path, help: help), at: 0)
            }
            return file
        case .failure(let error):
            var file = SessionsFile()
            file.isBroken = true
            file.isMissing = error == .missing
            file.isUnread = !file.isMissing
            let message = "cannot read the sessions file: \(error.message)"
            file.diagnostics = [Diagnostic(file.isMissing ? .warning : .error, message, file: path)]
            return file
        }
    }

    /// Checks the contents of a file. An entry that is invalid is reported and skipped, the others go on.
    ///
    /// - Parameters:
    ///   - file: the path that diagnostics show and relative paths start from.
    ///   - backends: the names of the configured backends.
    ///   - now: seconds since 1970; entries that expired are left out.
    ///   - previous: the sessions in force: one whose secret file cannot be read any more keeps its headers.
    package static func parse(
        bytes: [UInt8],
        file: String,
        backends: [String],
        environment: [String: String],
        readFile: FileReader,
        now: Int64,
        previous: [AttachedSession] = []
    ) -> SessionsFile {
        var decoder = SessionsDecoder(
            bytes: bytes,
            file: file,
            backends: backends,
            environment: environment,
            readFile: readFile,
            now: now,
            previous: previous
        )
        return decoder.decode()
    }
}
