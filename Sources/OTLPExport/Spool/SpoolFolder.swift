// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folder on the disk: every call blocks. It is locked for this process as long as the value lives.
struct SpoolFolder: ~Copyable {
    private static let lockName = "lock"
    private static let temporarySuffix = ".tmp"
    /// The largest file that is read; the spool writes no larger ones.
    private static let largestFile = 64 << 20

    private let path: String
    private let lock: Int32

    /// Opens the folder, made with mode 0700 when it is missing, for this process alone.
    init(path: String) throws(SpoolError) {
        try SpoolFolder.makeDirectory(path)
        let lock = try SpoolFolder.acquireLock(in: path)
        self.path = path
        self.lock = lock
    }

    deinit {
        // Said in so many words: a process that is being forked right now may have the descriptor, too.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// What is there, and rests of writes that never ended removed.
    borrowing func list() throws(SpoolError) -> [SpoolEntry] {
        guard let directory = unsafe opendir(path) else { throw SpoolError("cannot read \(path)", code: errno) }
        defer { unsafe closedir(directory) }
        var entries: [SpoolEntry] = []
        while let item = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasPrefix("."), name.hasSuffix(SpoolFolder.temporarySuffix) {
                delete(name)
                continue
            }
            var status = stat()
            guard unsafe lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            let bytes = SpoolEntry.blocks(Int(status.st_size))
            if let entry = SpoolEntry(name: name, bytes: bytes) { entries.append(entry) }
        }
        return entries
    }

    /// Writes a file: it is there completely or not at all, whenever the process or the machine ends.
    borrowing func write(_ bytes: [UInt8], to name: String) throws(SpoolError) {
        let temporary = "\(path)/.\(name)\(SpoolFolder.temporarySuffix)"
        let file = try create(temporary, O_TRUNC)
        var code = SpoolFolder.write(bytes, to: file)
        if code == 0, fsync(file) != 0 { code = errno }
        if close(file) != 0, code == 0 { code = errno }
        if code == 0, unsafe Glibc.rename(temporary, "\(path)/\(name)") != 0 { code = errno }
        guard code == 0 else {
            unsafe unlink(temporary)
            throw SpoolError("cannot write to \(path)", code: code)
        }
        // The name has to reach the disk as well. The file is there in any case.
        let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    /// Appends to a file: what was appended is there when the process has ended, but perhaps not when the machine has.
    borrowing func append(_ bytes: [UInt8], to name: String) throws(SpoolError) {
        let file = try create("\(path)/\(name)", O_APPEND)
        var code = SpoolFolder.write(bytes, to: file)
        if close(file) != 0, code == 0 { code = errno }
        guard code == 0 else { throw SpoolError("cannot write to \(path)", code: code) }
    }

    /// The bytes of a file; nil when it cannot be read or is too large to be one of ours.
    borrowing func read(_ name: String) -> [UInt8]? {
        let file = unsafe open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_size <= SpoolFolder.largestFile else { return nil }
        let size = Int(status.st_size)
        var isComplete = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = unsafe Glibc.read(file, buffer.baseAddress?.advanced(by: count), size - count)
                if result > 0 {
                    count += result
                } else if result == 0 || errno != EINTR {
                    isComplete = false
                    return
                }
            }
        }
        return isComplete ? bytes : nil
    }

    /// Removes a file. Nothing depends on whether that works: what is left is found again at the next start.
    borrowing func delete(_ name: String) {
        unsafe unlink("\(path)/\(name)")
    }

    /// Gives a file another name; returns whether that worked.
    borrowing func rename(_ name: String, to other: String) -> Bool {
        unsafe Glibc.rename("\(path)/\(name)", "\(path)/\(other)") == 0
    }

    // MARK: System calls

    private borrowing func create(_ file: String, _ flag: Int32) throws(SpoolError) -> Int32 {
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | flag | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SpoolError("cannot create a file in \(path)", code: errno) }
        return descriptor
    }

    private static func acquireLock(in path: String) throws(SpoolError) -> Int32 {
        // Never deleted: two processes could hold the locks of two files of one name.
        let lock = unsafe open("\(path)/\(lockName)", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw SpoolError("cannot open \(path)/\(lockName)", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = owner(of: lock)
            close(lock)
            guard code == EWOULDBLOCK else { throw SpoolError("cannot lock \(path)", code: code) }
            throw SpoolError("another process\(owner) uses it; every agent needs a folder of its own")
        }
        // For whoever finds it locked; whether it could be written does not matter to the lock.
        let pid = Array("\(getpid())\n".utf8)
        _ = ftruncate(lock, 0)
        _ = unsafe pwrite(lock, pid, pid.count, 0)
        return lock
    }

    private static func makeDirectory(_ path: String) throws(SpoolError) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]))
            guard unsafe mkdir(path, 0o700) != 0 else { return }
        }
        guard errno == EEXIST else { throw SpoolError("cannot make the folder \(path)", code: errno) }
    }

    /// The process that wrote itself into the lock, in words.
    private static func owner(of lock: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(lock, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "" : " (\(String(decoding: digits, as: UTF8.self)))"
    }

    /// Writes all bytes; returns the error, 0 when there was none.
    private static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let rest = unsafe buffer.baseAddress?.advanced(by: written)
                let result = unsafe Glibc.write(file, rest, buffer.count - written)
                if result >= 0 {
                    written += result
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
