// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Locking

/// The folder on the disk: every call blocks. It is locked for this process as long as the value lives.
struct SpoolFolder: ~Copyable {
    private static let temporarySuffix = ".tmp"
    /// The largest file that is read; the spool writes no larger ones.
    private static let largestFile = 64 << 20

    private let folder: LockedFolder

    private var path: String { folder.path }

    /// Opens the folder, made with mode 0700 when it is missing, for this process alone.
    init(path: String) throws(SpoolError) {
        do throws(LockedFolder.Problem) {
            folder = try LockedFolder(path: path)
        } catch {
            throw SpoolFolder.error(error, path)
        }
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

    private static func error(_ problem: LockedFolder.Problem, _ path: String) -> SpoolError {
        switch problem {
        case .notMade(let code): SpoolError("cannot make the folder \(path)", code: code)
        case .notOpened(let code): SpoolError("cannot open \(path)/\(LockedFolder.lockName)", code: code)
        case .notLocked(let code): SpoolError("cannot lock \(path)", code: code)
        case .inUse(let process):
            SpoolError(
                "another process\(process.map { " (\($0))" } ?? "") uses it; every agent needs a folder of its own"
            )
        }
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
