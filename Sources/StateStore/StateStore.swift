// SPDX-License-Identifier: Apache-2.0

private import Dispatch
package import KeepaliveAgent
private import Locking
private import Synchronization

/// Keeps on the disk what has to survive a restart of the agent.
///
/// Calls take effect in the order in which they are made. Those of one task or one actor are made when it gets to them, before
/// anything is awaited. A thread of the store's own waits for the disk and nobody else does; what was asked for while it was
/// busy shares the next transaction.
package final class StateStore: Sendable {
    private enum Request {
        case change(StateChange)
        case recover(StoredState)
        case close
    }

    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct Inbox {
        var requests: [(Request, Waiter)] = []
        /// Whether the thread is at it and will look again.
        var isDraining = false
    }

    private let inbox = Locked(Inbox())
    /// Never contended: only `open` and the serial queue get at it. Reflection of a `Locked` would copy what cannot be copied.
    private let writer: Mutex<StateWriter>
    private let published: Locked<StoreStatus>
    private let queue = DispatchQueue(label: "state-store")

    /// The directory, as it was given to `open`.
    package let directory: String

    private init(_ writer: consuming sending StateWriter, directory: String) {
        self.directory = directory
        published = Locked(writer.status)
        self.writer = Mutex(writer)
    }

    /// Locks a directory for this process until `close` and reads what is there, which blocks.
    ///
    /// The directory is made with mode 0700 when it is missing, its files with 0600. A damaged database is set aside as
    /// `state.sqlite.corrupt-<time>` and an empty one is begun, which the notes tell. Where nothing can be written, the store
    /// is open but degraded, as long as it is known what is there: the state could be read, or there is none.
    /// - Parameter now: the time in milliseconds since 1970; it names what is set aside and spaces the tries on a failing disk.
    package static func open(
        directory: String,
        limits: StoreLimits = StoreLimits(),
        now: @escaping @Sendable () -> Int64
    ) throws(StoreProblem) -> (store: StateStore, state: StoredState, notes: [String]) {
        var writer = StateWriter(try StateFolder(path: directory), limits, now: now)
        let (state, notes) = try writer.begin()
        return (StateStore(writer, directory: directory), state, notes)
    }

    // MARK: What can be read without waiting

    /// How the store is doing, as of the last answer that it gave.
    package var status: StoreStatus { published.withLock { $0 } }

    /// Whether what is acknowledged survives a restart.
    package var health: StoreHealth { status.health }

    // MARK: What can be asked for

    /// Keeps a session, in place of the one of the same name if there is one. True: it survives the end of the process, whenever
    /// that comes. False: it may not, for the disk is behind, or (`health` is ok then) a text of it contains U+0000.
    package func put(_ session: StoredSession) async -> Bool {
        guard session.isStorable else { return false }
        return await perform(.change(.put(session)))
    }

    /// Forgets a session; true as with `put`, also when there was none.
    package func remove(backend: String, key: String) async -> Bool {
        await perform(.change(.remove(backend: backend, key: key)))
    }

    /// Keeps what is new about sessions, as far as they have not been removed, and about backends; true as with `put`.
    package func save(successes: [StoredSuccess], backends: [StoredBackend]) async -> Bool {
        await perform(.change(.save(successes, backends)))
    }

    /// Puts the agent's own state in place of all that is on the disk; true: the disk is no longer behind.
    ///
    /// Whoever takes the state from an actor calls this on that actor, without awaiting anything between: otherwise a change
    /// that comes between the two is lost.
    package func recover(with state: StoredState) async -> Bool {
        await perform(.recover(state))
    }

    /// Ends what was asked for so far, moves the log into the database and unlocks the directory. Later calls return false.
    package func close() async {
        _ = await perform(.close)
    }

    // MARK: The thread

    private func perform(_ request: Request) async -> Bool {
        await withCheckedContinuation { waiter in
            let isIdle = inbox.withLock { inbox in
                inbox.requests.append((request, waiter))
                defer { inbox.isDraining = true }
                return !inbox.isDraining
            }
            if isIdle { queue.async { self.drain() } }
        }
    }

    private func drain() {
        while let requests = takeRequests() {
            var changes: [StateChange] = []
            var waiters: [Waiter] = []
            for (request, waiter) in requests {
                if case .change(let change) = request {
                    changes.append(change)
                    waiters.append(waiter)
                    continue
                }
                answer(waiters) { $0.apply(changes) }
                changes = []
                waiters = []
                answer([waiter]) { writer in
                    switch request {
                    case .recover(let state): return writer.recover(with: state)
                    case .close, .change:
                        writer.close()
                        return true
                    }
                }
            }
            answer(waiters) { $0.apply(changes) }
        }
    }

    private func takeRequests() -> [(Request, Waiter)]? {
        inbox.withLock { inbox in
            let requests = inbox.requests
            inbox.requests = []
            inbox.isDraining = !requests.isEmpty
            return requests.isEmpty ? nil : requests
        }
    }

    private func answer(_ waiters: [Waiter], _ body: (inout StateWriter) -> Bool) {
        guard !waiters.isEmpty else { return }
        let (result, status) = writer.withLock { writer in (body(&writer), writer.status) }
        published.withLock { $0 = status }
        for waiter in waiters { waiter.resume(returning: result) }
    }
}
