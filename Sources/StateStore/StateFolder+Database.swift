// SPDX-License-Identifier: Apache-2.0

internal import KeepaliveAgent

extension StateFolder {
    /// Opens the database for reading and writing; one that is missing or empty is made.
    borrowing func openDatabase(maximumBytes: Int64) throws(StoreFault) -> StateDatabase {
        let head = try head()
        if !head.isEmpty {
            guard let header = DatabaseHeader(head) else {
                throw StoreFault(.damaged, "it does not begin like a database of this agent")
            }
            let found = try max(header.schema, schemaInLog())
            guard found <= StateDatabase.knownSchema else { throw StoreFault.newer(found) }
        }
        try prepare()
        return try StateDatabase(path: database, maximumBytes: maximumBytes)
    }

    /// What is there when nothing can be written; nil when that cannot be told.
    borrowing func readOnly() -> StoredState? {
        do throws(StoreFault) {
            guard try !head().isEmpty else { return StoredState() }
            do throws(StoreFault) {
                return try StateDatabase(reading: database).load()
            } catch {
                guard !hasLog else { return nil }
                return try StateDatabase(reading: database, isImmutable: true).load()
            }
        } catch {
            // Why it cannot be written is told in any case.
            return nil
        }
    }

    /// The schema that a process left in the log when it was killed; 0 when there is no log. The database is not changed.
    private borrowing func schemaInLog() throws(StoreFault) -> Int {
        guard hasLog else { return 0 }
        do throws(StoreFault) {
            return try StateDatabase(reading: database).schema()
        } catch {
            guard error.kind != .damaged else { throw error }
            // Opening it for writing, which comes next, fails as well or tells.
            return 0
        }
    }

    private var hasLog: Bool { StateFolder.size(of: "\(database)-wal") > 0 }
}
