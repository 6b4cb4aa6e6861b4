// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes log lines to a file descriptor, by default stderr, each with one system call so that lines never mix.
package struct StandardErrorLog: Sendable {
    private let format: LogFormat
    private let level: LogLevel
    private let isColored: Bool
    private let isUnderJournal: Bool
    private let descriptor: Int32

    /// - Parameters:
    ///   - level: Less important lines are left out.
    ///   - isUnderJournal: Whether systemd's journal reads the lines and stamps them itself.
    package init(
        format: LogFormat,
        level: LogLevel = .info,
        isColored: Bool = false,
        isUnderJournal: Bool = false,
        descriptor: Int32 = STDERR_FILENO
    ) {
        self.format = format
        self.level = level
        self.isColored = isColored
        self.isUnderJournal = isUnderJournal
        self.descriptor = descriptor
    }

    /// Writes the line if it is important enough.
    package func write(_ line: LogLine) {
        guard line.level >= level else { return }
        var text = line.rendered(as: format, colored: isColored, underJournal: isUnderJournal)
        text.append("\n")
        // A closed or full stderr must not stop the agent; there is nowhere else to say so.
        _ = text.withUTF8 { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
