// SPDX-License-Identifier: Apache-2.0

internal import KeepaliveAgent

/// What one thread at a time does with the directory: every call blocks, and none throws once it is open. It remembers whether
/// the disk is behind, and writes what it can all the same, for a restart to find as much as possible.
struct StateWriter: ~Copyable {
    private let limits: StoreLimits
    private let now: @Sendable () -> Int64
    /// nil: it could not be opened, or failed.
    private var database: StateDatabase?
    /// nil: closed for good.
    private var folder: StateFolder?
    /// When the disk failed last; nil: since then something was written.
    private var failedAt: Int64?
    /// What is told to others.
    private(set) var status = StoreStatus(health: .ok)

    /// A writer that has nothing open but the directory.
    init(_ folder: consuming StateFolder, _ limits: StoreLimits, now: @escaping @Sendable () -> Int64) {
        self.folder = consume folder
        self.limits = limits
        self.now = now
    }

    // MARK: What is asked of it

    /// Opens the database and reads it. `status` tells when it cannot be written, the notes what was found damaged.
    mutating func begin() throws(StoreProblem) -> (state: StoredState, notes: [String]) {
        do throws(StoreFault) {
            let state = try connect().load()
            measure()
            return (state, [])
        } catch {
            let file = folder?.database ?? StateFolder.databaseName
            switch error.kind {
            case .newer(let found):
                throw .newerSchema(file: file, found: found, known: StateDatabase.knownSchema)
            case .damaged:
                return (StoredState(), [startOver(after: error)])
            case .blocked, .failed:
                // To go on without what is there, and to put another state in its place later, would lose it.
                guard let state = folder?.readOnly() else { throw .unusable("cannot use \(file): \(error.reason)") }
                fail(error)
                return (state, [])
            }
        }
    }

    /// Applies changes in one transaction; returns whether they are durable, and all that came before them, too.
    mutating func apply(_ changes: [StateChange]) -> Bool {
        guard folder != nil, isWorthTrying else { return false }
        do throws(StoreFault) {
            try connect().apply(changes)
            succeed()
            return status.health == .ok
        } catch {
            fail(error)
            return false
        }
    }

    /// Puts a state in place of all that is there; returns whether the disk has it now.
    mutating func recover(with state: StoredState) -> Bool {
        guard folder != nil else { return false }
        // The second time when the first one found the file damaged and set it aside.
        for _ in 1...2 {
            do throws(StoreFault) {
                try connect().replaceAll(with: state)
                succeed()
                status.health = .ok
                return true
            } catch {
                fail(error)
                guard error.kind == .damaged else { return false }
            }
        }
        return false
    }

    /// Lets go of the directory for good.
    mutating func close() {
        disconnect()
        folder = nil
    }

    // MARK: The connection

    private mutating func connect() throws(StoreFault) -> StateDatabase {
        if let database { return database }
        guard let opened = try folder?.openDatabase(maximumBytes: limits.maximumBytes) else {
            throw StoreFault(.failed, "the store is closed")
        }
        database = opened
        return opened
    }

    private mutating func disconnect() {
        do throws(StoreFault) {
            try database?.close()
        } catch {
            // What is committed stays in the log, which the next one who opens it reads.
        }
        database = nil
    }

    private var isWorthTrying: Bool {
        guard let failedAt else { return true }
        // A clock that was set back does not stop it.
        return !(0..<limits.retryMilliseconds).contains(now() - failedAt)
    }

    // MARK: What came of it

    private mutating func succeed() {
        failedAt = nil
        status.transactions += 1
        measure()
    }

    private mutating func fail(_ fault: StoreFault) {
        failedAt = now()
        switch fault.kind {
        case .blocked:
            degrade(fault.reason)
        case .failed, .newer:
            disconnect()
            degrade(fault.reason)
        case .damaged:
            status.health = .degraded(reason: startOver(after: fault))
        }
        measure()
    }

    private mutating func degrade(_ reason: String) {
        status.health = .degraded(reason: "cannot write \(StateFolder.databaseName): \(reason)")
    }

    /// Sets the damaged database aside and begins an empty one; returns what happened, in words.
    private mutating func startOver(after fault: StoreFault) -> String {
        disconnect()
        var words = "\(StateFolder.databaseName): \(fault.reason)"
        do throws(StoreFault) {
            let time = now()
            status.lastSetAside = try folder?.setAside(at: time)
            status.lastSetAsideAt = time
            words += "; it is now \(status.lastSetAside ?? "gone"), and an empty one takes its place"
            _ = try connect()
            measure()
        } catch {
            failedAt = now()
            degrade(error.reason)
            words += "; \(error.reason)"
        }
        return words
    }

    private mutating func measure() {
        guard let path = folder?.database else { return }
        status.bytes = StateFolder.size(of: path) + StateFolder.size(of: "\(path)-wal")
    }
}
