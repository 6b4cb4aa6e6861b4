// SPDX-License-Identifier: Apache-2.0

private import Glibc

extension FileReader {
    /// Reads from the file system; regular files only, so that nothing can block.
    package static let system = FileReader { path, limit in
        guard !path.utf8.contains(0) else { return .failure(.missing) }
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(.current) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return .failure(.current) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.notRegular) }
        guard status.st_size <= limit else { return .failure(.tooLarge(limit: limit)) }
        var bytes: [UInt8] = []
        // One byte more than expected, so that the end is seen without another round; a file may grow meanwhile.
        var room = Int(status.st_size) + 1
        while true {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: room))
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: start), room)
            }
            if count < 0 && errno == EINTR {
                bytes.removeLast(room)
                continue
            }
            guard count >= 0 else { return .failure(.current) }
            bytes.removeLast(room - count)
            if count == 0 { return .success(FileContents(bytes: bytes, mode: status.st_mode & 0o777)) }
            if bytes.count > limit { return .failure(.tooLarge(limit: limit)) }
            room = max(4096, room - count)
        }
    }
}

extension FileError {
    /// What `errno` stands for.
    fileprivate static var current: FileError {
        let code = errno
        if code == ENOENT || code == ENOTDIR { return .missing }
        if code == EACCES { return .system("permission denied") }
        guard let text = unsafe strerror(code) else { return .system("error \(code)") }
        return .system(unsafe String(cString: text))
    }
}
