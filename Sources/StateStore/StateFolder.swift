// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Locking

/// The directory of the state: every call blocks. It is locked for this process as long as the value lives.
struct StateFolder: ~Copyable {
    static let databaseName = "state.sqlite"

    private let folder: LockedFolder

    var path: String { folder.path }

    /// Opens the directory, made with mode 0700 when it is missing, for this process alone.
    init(path: String) throws(StoreProblem) {
        do throws(LockedFolder.Problem) {
            // What is there can be read where nothing can be written.
            folder = try LockedFolder(path: path, readable: true)
        } catch {
            throw StateFolder.problem(error, path)
        }
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

    private static func problem(_ problem: LockedFolder.Problem, _ path: String) -> StoreProblem {
        let lock = "\(path)/\(LockedFolder.lockName)"
        return switch problem {
        case .notMade(let code): .unusable("cannot make the directory \(path): \(text(of: code))")
        case .notOpened(let code):
            .unusable("cannot open \(lock); check the owner and the mode of the directory: \(text(of: code))")
        case .notLocked(let code): .unusable("cannot lock \(lock): \(text(of: code))")
        case .inUse(let process): .secondInstance(directory: path, process: process)
        }
    }
}
