// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes log lines to a file descriptor, by default stderr, each with one system call so that lines never mix. It never
/// waits for whoever reads them: lines that nobody takes are lost, and the next one that is taken says how many.
package struct StandardErrorLog: Sendable {
    private let format: LogFormat
    private let level: LogLevel
    private let isColored: Bool
    private let isUnderJournal: Bool
    private let descriptor: Int32
    private let lost = LostLines()

    /// A pipe that is ready takes as many bytes at once without waiting (PIPE_BUF, pipe(7)).
    private static let pieceSize = 4096

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
        let count = lost.take()
        if count > 0 {
            let words = "\(count) log line\(count == 1 ? "" : "s") lost: nobody read them in time"
            guard put(LogLine(unixNanoseconds: line.unixNanoseconds, level: .warning, message: words)) else {
                return lost.add(count + 1)
            }
        }
        if !put(line) { lost.add(1) }
    }

    /// Writes what is taken at once; false when that is nothing. A closed or full stderr must not stop the agent.
    private func put(_ line: LogLine) -> Bool {
        let text = line.rendered(as: format, colored: isColored, underJournal: isUnderJournal) + "\n"
        var left = Array(text.utf8)[...]
        let whole = left.count
        while !left.isEmpty {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&request, 1, 0) == 1, request.revents & Int16(POLLOUT) != 0 else { break }
            let written = unsafe left.prefix(Self.pieceSize).withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            guard written > 0 else { break }
            left = left.dropFirst(written)
        }
        return left.count < whole
    }

    /// How many lines nobody took, since that was told last.
    private final class LostLines: Sendable {
        private let count = Atomic<Int>(0)

        func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }

        func take() -> Int { count.exchange(0, ordering: .relaxed) }
    }
}
