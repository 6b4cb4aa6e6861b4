// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The directory of the state: every call blocks. It is locked for this process as long as the value lives.
struct StateFolder: ~Copyable {
    static let databaseName = "state.sqlite"
    private static let lockName = "lock"

    let path: String
    private let lock: Int32

    /// Opens the directory, made with mode 0700 when it is missing, for this process alone.
    init(path: String) throws(StoreProblem) {
        try StateFolder.makeDirectory(path)
        lock = try StateFolder.acquireLock(in: path)
        self.path = path
    }

    deinit {
        // Said in so many words: a process that is being forked right now may have the descriptor, too.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Where the database is.
    var database: String { "\(path)/\(StateFolder.databaseName)" }

    // MARK: The database's files
    // To be called while SQLite does not have them open: closing any descriptor of a file ends all POSIX locks on it.

    /// The first bytes of the database; none when there is none, or an empty one.
    borrowing func head() throws(StoreFault) -> [UInt8] {
        let file = unsafe open(database, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw StateFolder.fault("it cannot be opened", errno) }
            return []
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: DatabaseHeader.length)
        let count = unsafe pread(file, &bytes, bytes.count, 0)
        guard count >= 0 else { throw StateFolder.fault("it cannot be read", errno) }
        return Array(bytes.prefix(count))
    }

    /// Makes the database's file when it is missing, so that only its owner can read it: SQLite gives its other files the
    /// same mode.
    borrowing func prepare() throws(StoreFault) {
        let file = unsafe open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateFolder.fault("it cannot be opened for writing", errno) }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else { throw StateFolder.fault("its mode cannot be set", errno) }
    }

    // MARK: System calls

    /// The size of a file in bytes; 0 when there is none.
    static func size(of file: String) -> Int64 {
        var status = stat()
        return unsafe stat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// A system call that failed on the database.
    static func fault(_ words: String, _ code: Int32) -> StoreFault {
        StoreFault(.failed, "\(words); check its owner, its mode and the mount: \(text(of: code))")
    }

    private static func text(of code: Int32) -> String {
        // A copy of a static text.
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    private static func makeDirectory(_ path: String) throws(StoreProblem) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]))
            guard unsafe mkdir(path, 0o700) != 0 else { return }
        }
        guard errno == EEXIST else { throw .unusable("cannot make the directory \(path): \(text(of: errno))") }
    }

    private static func acquireLock(in path: String) throws(StoreProblem) -> Int32 {
        // Never deleted: two processes could hold the locks of two files of one name.
        let name = "\(path)/\(lockName)"
        var lock = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        // Where nothing can be written, what is there can be locked and read all the same.
        if lock < 0, errno == EROFS || errno == EACCES { lock = unsafe open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        guard lock >= 0 else {
            throw .unusable("cannot open \(name); check the owner and the mode of the directory: \(text(of: errno))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let process = owner(of: lock)
            close(lock)
            guard code == EWOULDBLOCK else { throw .unusable("cannot lock \(name): \(text(of: code))") }
            throw .secondInstance(directory: path, process: process)
        }
        // For whoever finds it locked; whether it could be written does not matter to the lock.
        let process = Array("\(getpid())\n".utf8)
        _ = ftruncate(lock, 0)
        _ = unsafe pwrite(lock, process, process.count, 0)
        return lock
    }

    /// The process that wrote itself into the lock.
    private static func owner(of lock: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(lock, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
