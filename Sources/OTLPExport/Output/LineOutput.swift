// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Locking
internal import Telemetry

/// Writes lines to a file descriptor, whole ones only, and never waits long for who reads them.
final class LineOutput: Sendable {
    /// What became of a line.
    enum Outcome: Sendable, Hashable {
        /// It is written, or begun: the rest goes before the next line.
        case accepted
        /// Nothing of it was written, because the reader takes nothing.
        case stalled
        /// Nothing can be written; an `errno`.
        case failed(Int32)
    }

    /// The standard output of the process: all exporters share it, so that their lines do not mix.
    static let standard = LineOutput(STDOUT_FILENO)

    /// The longest wait for a reader. It keeps the export thread, and shutdown has to stay in its time.
    static let longestWait: Duration = .seconds(1)

    /// A pipe that is ready takes at least this many bytes at once (PIPE_BUF, pipe(7)).
    private static let pieceSize = 4096

    private let descriptor: Int32
    /// The rest of a line that was begun.
    private let rest = Locked([UInt8]())

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes a text and a line break after it.
    func write(_ text: [UInt8], within limit: Duration) -> Outcome {
        rest.withLock { rest in
            let deadline = ContinuousClock.now + min(limit, Self.longestWait)
            let before = put(rest[...], until: deadline)
            rest.removeFirst(before.count)
            guard rest.isEmpty else { return before.error == 0 ? .stalled : .failed(before.error) }
            let line = text + [0x0A]
            let written = put(line[...], until: deadline)
            guard written.count < line.count else { return .accepted }
            guard written.count > 0 else { return written.error == 0 ? .stalled : .failed(written.error) }
            rest = Array(line[written.count...])
            return .accepted
        }
    }

    /// Writes what is taken in time; `error` is 0 when only the time was too short.
    private func put(_ bytes: ArraySlice<UInt8>, until deadline: ContinuousClock.Instant) -> (count: Int, error: Int32)
    {
        var left = bytes
        while !left.isEmpty {
            let wait = max(.zero, ContinuousClock.now.duration(to: deadline))
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = unsafe poll(&request, 1, Int32(wait / .milliseconds(1)))
            if ready == 0 { return (bytes.count - left.count, 0) }
            if ready < 0 {
                if errno == EINTR { continue }
                return (bytes.count - left.count, errno)
            }
            let written = unsafe left.prefix(Self.pieceSize).withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written >= 0 {
                left = left.dropFirst(written)
            } else if errno != EINTR, errno != EAGAIN {
                return (bytes.count - left.count, errno)
            }
        }
        return (bytes.count, 0)
    }
}
