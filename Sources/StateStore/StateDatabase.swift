// SPDX-License-Identifier: Apache-2.0

private import Foundation
internal import GRDB

/// An open database: every call blocks.
///
/// In WAL mode with `synchronous=NORMAL` a commit outlives the process, whenever that ends; when the machine loses its power,
/// the last commits may be lost, the database is whole in any case.
struct StateDatabase {
    /// The newest schema that this release knows: `PRAGMA user_version`.
    static let knownSchema = 3

    private let queue: DatabaseQueue

    /// Opens a database for reading and writing, makes the tables of an empty one and checks that it is whole.
    init(path: String, maximumBytes: Int64) throws(StoreFault) {
        var configuration = Configuration()
        configuration.label = "state"
        // Somebody may look into it with the sqlite3 tool.
        configuration.busyMode = .timeout(2)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA journal_size_limit = 4194304;
                    PRAGMA secure_delete = ON;
                    """
            )
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                let pageBytes = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
                try database.execute(sql: "PRAGMA max_page_count = \(max(1, maximumBytes / max(1, pageBytes)))")
                // While it is in the main file alone, so that `DatabaseHeader` tells what it is from the first moment on.
                let found = try StateDatabase.schema(database)
                if found == 0 { try StateDatabase.makeTables(database) }
                if found == 1 { try StateDatabase.addSignatures(database) }
                if found == 1 || found == 2 { try StateDatabase.addSuspensions(database) }
                guard found <= StateDatabase.knownSchema else { throw StoreFault.newer(found) }
                guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                    throw StoreFault(.failed, "its file system has no shared memory, which SQLite needs for its log")
                }
                // The quick check overlooks rows out of order, behind which others are not found.
                guard try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") == "ok" else {
                    throw StoreFault(.damaged, "it is damaged")
                }
            }
        } catch {
            throw StoreFault(error)
        }
    }

    /// Opens a database for reading, without changing it.
    /// - Parameter isImmutable: whether there is no log and no file can be made beside it, which SQLite needs otherwise.
    init(reading path: String, isImmutable: Bool = false) throws(StoreFault) {
        var configuration = Configuration()
        configuration.label = "state"
        configuration.readonly = true
        // https://www.sqlite.org/uri.html: "?", "#" and "%" are written as escapes.
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        do {
            queue = try DatabaseQueue(
                path: isImmutable ? "file:\(escaped)?immutable=1" : path,
                configuration: configuration
            )
        } catch {
            throw StoreFault(error)
        }
    }

    /// The schema, also when it is in the log only.
    func schema() throws(StoreFault) -> Int {
        try read { try StateDatabase.schema($0) }
    }

    /// Notes which schema the tables have.
    func setSchema(_ schema: Int) throws(StoreFault) {
        try write { try StateDatabase.setSchema(schema, $0) }
    }

    /// Moves the log into the database and closes it.
    func close() throws(StoreFault) {
        do { try queue.close() } catch { throw StoreFault(error) }
    }

    /// Does all of it in one transaction, or nothing.
    func write(_ body: (Database) throws -> Void) throws(StoreFault) {
        do { try queue.write(body) } catch { throw StoreFault(error) }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreFault) -> Value {
        do { return try queue.read(body) } catch { throw StoreFault(error) }
    }

    private static func schema(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    /// STRICT, so that the check finds values of another type, too.
    private static func makeTables(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            try database.execute(
                sql: """
                    CREATE TABLE session (
                        backend TEXT NOT NULL,
                        key TEXT NOT NULL,
                        session_id BLOB NOT NULL,
                        protocol_version TEXT,
                        registered_at INTEGER NOT NULL,
                        lease_milliseconds INTEGER NOT NULL,
                        lease_expires_at INTEGER NOT NULL,
                        ends_at INTEGER,
                        suspended_until INTEGER,
                        last_activity INTEGER NOT NULL,
                        last_success INTEGER,
                        PRIMARY KEY (backend, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE header (
                        backend TEXT NOT NULL,
                        key TEXT NOT NULL,
                        position INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        template TEXT NOT NULL,
                        PRIMARY KEY (backend, key, position),
                        FOREIGN KEY (backend, key) REFERENCES session ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE backend (
                        name TEXT NOT NULL PRIMARY KEY,
                        signature TEXT,
                        disabled_since INTEGER,
                        disabled_reason TEXT,
                        next_probe INTEGER,
                        is_held_by_operator INTEGER NOT NULL,
                        held_since INTEGER,
                        held_until INTEGER,
                        fallback_since INTEGER,
                        last_success INTEGER
                    ) STRICT, WITHOUT ROWID;
                    PRAGMA application_id = \(DatabaseHeader.applicationID);
                    """
            )
            try setSchema(knownSchema, database)
            return .commit
        }
    }

    /// From schema 1: what a breaker is about, and since when somebody disabled a backend.
    private static func addSignatures(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            try database.execute(
                sql: """
                    ALTER TABLE backend ADD COLUMN signature TEXT;
                    ALTER TABLE backend ADD COLUMN held_since INTEGER;
                    """
            )
            try setSchema(2, database)
            return .commit
        }
    }

    /// From schema 2: until when nothing is sent on a session.
    private static func addSuspensions(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: "ALTER TABLE session ADD COLUMN suspended_until INTEGER")
            try setSchema(3, database)
            return .commit
        }
    }

    private static func setSchema(_ schema: Int, _ database: Database) throws {
        try database.execute(sql: "PRAGMA user_version = \(schema)")
    }
}
