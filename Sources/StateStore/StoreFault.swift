// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// What went wrong on the database, and what that means for it.
struct StoreFault: Error {
    enum Kind: Equatable {
        /// There is no room, or somebody is in the way: the connection is good for another try.
        case blocked
        /// The disk fails: the connection is of no more use, the file may be.
        case failed
        /// The file is not what was written.
        case damaged
        /// A newer release wrote it.
        case newer(Int)
    }

    let kind: Kind
    /// In words, without any stored value.
    let reason: String

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// A newer release wrote it.
    static func newer(_ found: Int) -> StoreFault { StoreFault(.newer(found), "a newer release wrote it") }

    /// What GRDB threw. Its own text is not used: it may quote what was to be written.
    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            self = (error as? StoreFault) ?? StoreFault(.failed, "SQLite failed (\(type(of: error)))")
            return
        }
        let code = error.extendedResultCode.rawValue
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.blocked, "the disk or the database's own limit is full; make room (SQLite \(code))")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.blocked, "another process has locked it; close what else has opened it (SQLite \(code))")
        // The statements are constant: one that is refused does not meet the tables that were made.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_EMPTY, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT,
            .SQLITE_ERROR:
            self.init(.damaged, "it is damaged (SQLite \(code))")
        case .SQLITE_READONLY:
            self.init(.failed, "it is read-only; check its owner, its mode and the mount (SQLite \(code))")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.failed, "it cannot be opened; check its owner, its mode and the mount (SQLite \(code))")
        case .SQLITE_IOERR:
            self.init(.failed, "the disk failed; check it and its free space (SQLite \(code))")
        case .SQLITE_NOMEM:
            self.init(.failed, "there is no memory for it (SQLite \(code))")
        default:
            self.init(.failed, "SQLite failed (SQLite \(code))")
        }
    }
}
