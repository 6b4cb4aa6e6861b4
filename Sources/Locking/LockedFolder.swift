// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// A folder for one process alone: every call blocks. It is locked as long as the value lives.
package struct LockedFolder: ~Copyable {
    /// Why a folder cannot be had; `code` is the `errno`.
    package enum Problem: Error, Sendable, Hashable {
        case notMade(code: Int32)
        /// The file of the lock cannot be opened.
        case notOpened(code: Int32)
        case notLocked(code: Int32)
        /// Another process has it; its id when it could be read.
        case inUse(process: Int32?)
    }

    /// The name of the file that is locked.
    package static let lockName = "lock"

    /// The folder, as it was given.
    package let path: String
    private let lock: Int32

    /// Locks the folder, made with mode 0700 when it is missing.
    /// - Parameter readable: whether one in which nothing can be written will do.
    package init(path: String, readable: Bool = false) throws(Problem) {
        try LockedFolder.make(path)
        lock = try LockedFolder.acquire("\(path)/\(LockedFolder.lockName)", readable)
        self.path = path
    }

    deinit {
        // Said in so many words: a process that is being forked right now may have the descriptor, too.
        flock(lock, LOCK_UN)
        close(lock)
    }

    private static func make(_ path: String) throws(Problem) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            guard unsafe mkdir(path, 0o700) != 0 else { return }
        }
        guard errno == EEXIST else { throw .notMade(code: errno) }
    }

    private static func acquire(_ name: String, _ readable: Bool) throws(Problem) -> Int32 {
        // Never deleted: two processes could hold the locks of two files of one name.
        var lock = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        // Where nothing can be written, what is there can be locked and read all the same.
        if lock < 0, readable, errno == EROFS || errno == EACCES {
            lock = unsafe open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        }
        guard lock >= 0 else { throw .notOpened(code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let process = owner(of: lock)
            close(lock)
            throw code == EWOULDBLOCK ? .inUse(process: process) : .notLocked(code: code)
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
