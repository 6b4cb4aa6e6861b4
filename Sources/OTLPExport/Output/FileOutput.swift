// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Appends lines to a file. It is opened for each one, so that a file that was renamed or removed is made again.
struct FileOutput: Sendable {
    /// What became of a line.
    enum Outcome: Sendable, Hashable {
        /// All of it is in the file.
        case written
        /// There is something else of that name: a directory, a pipe.
        case notAFile
        /// Nothing of it is in the file; an `errno`.
        case failed(Int32)
    }

    private static let lineBreak = UInt8(ascii: "\n")

    private let path: String

    init(path: String) {
        self.path = path
    }

    /// Writes a text and a line break after it.
    func append(_ text: [UInt8]) -> Outcome {
        // Not to be kept waiting by a pipe that nobody reads.
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
        let descriptor = unsafe open(path, flags, 0o640)
        guard descriptor >= 0 else { return errno == EISDIR ? .notAFile : .failed(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return .failed(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
        var line = text
        line.append(Self.lineBreak)
        // The process may have ended in the middle of a line. Only that one is lost.
        if !endsLine(descriptor, size: status.st_size) { line.insert(Self.lineBreak, at: 0) }
        let (count, error) = put(line, to: descriptor)
        guard error != 0 else { return .written }
        withdraw(count, from: descriptor, size: status.st_size)
        return .failed(error)
    }

    private func endsLine(_ descriptor: Int32, size: off_t) -> Bool {
        var last = Self.lineBreak
        // A file that cannot be read is taken for whole.
        guard size > 0, unsafe pread(descriptor, &last, 1, size - 1) == 1 else { return true }
        return last == Self.lineBreak
    }

    /// How much was written, and an `errno` or 0.
    private func put(_ bytes: [UInt8], to descriptor: Int32) -> (count: Int, error: Int32) {
        var count = 0
        while count < bytes.count {
            let written = unsafe bytes[count...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                count += written
            } else if errno != EINTR {
                return (count, errno)
            }
        }
        return (count, 0)
    }

    /// Takes the part of a line away again, unless somebody else wrote after it.
    private func withdraw(_ count: Int, from descriptor: Int32, size: off_t) {
        var status = stat()
        guard count > 0, unsafe fstat(descriptor, &status) == 0, status.st_size == size + off_t(count) else { return }
        // Where this fails as well the next line begins with a line break.
        _ = ftruncate(descriptor, size)
    }
}
