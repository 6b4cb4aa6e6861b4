// SPDX-License-Identifier: Apache-2.0

/// The sessions of a backend as a value: who is alive, and since when. Time comes from the caller.
struct SessionLedger: Sendable {
    /// What a request may do.
    enum Admission: Sendable, Equatable {
        /// The session is alive, or none is needed.
        case admitted
        case missingID
        case unknownID
    }

    let idleTTL: Duration?
    let isStateless: Bool
    private(set) var record = BackendRecord()

    init(idleTTL: Duration?, isStateless: Bool) {
        self.idleTTL = idleTTL
        self.isStateless = isStateless
    }

    /// Enters a session that has just been initialized.
    mutating func open(_ id: String, at now: ContinuousClock.Instant) {
        record.sessions[id] = SessionRecord(opened: now)
    }

    /// Ends the sessions whose idle time has passed.
    mutating func expireIdle(at now: ContinuousClock.Instant) {
        guard let idleTTL else { return }
        for (id, session) in record.sessions
        where session.state == .alive && session.inFlight == 0 && now - session.lastSeen >= idleTTL {
            record.sessions[id]?.state = .expired
        }
    }

    /// Enters a request and says whether its session admits it. Each call is followed by one of `end` with the same id.
    mutating func begin(
        method: String,
        on id: String?,
        at now: ContinuousClock.Instant
    ) -> (admission: Admission, count: Int, sessionCount: Int) {
        expireIdle(at: now)
        record.requests[method, default: 0] += 1
        let count = record.requests[method, default: 0]
        guard let id else {
            // Initialization opens a session (MCP 2025-11-25, Transports, Session Management).
            return (isStateless || method == "initialize" ? .admitted : .missingID, count, count)
        }
        guard record.sessions[id] != nil else {
            if !isStateless { record.unknownSessionRequests += 1 }
            return (isStateless ? .admitted : .unknownID, count, count)
        }
        record.sessions[id]?.requests[method, default: 0] += 1
        record.sessions[id]?.inFlight += 1
        let isAlive = record.sessions[id]?.state == .alive
        if !isAlive { record.unknownSessionRequests += 1 }
        return (isAlive ? .admitted : .unknownID, count, record.sessions[id]?.requests[method] ?? 0)
    }

    /// The answer has been written, or the client has gone: the idle time starts anew.
    mutating func end(on id: String?, at now: ContinuousClock.Instant) {
        guard let id, record.sessions[id] != nil else { return }
        record.sessions[id]?.inFlight -= 1
        if record.sessions[id]?.state == .alive { record.sessions[id]?.lastSeen = now }
    }

    /// Ends a session that is alive.
    mutating func close(_ id: String, as state: SessionRecord.State) {
        guard record.sessions[id]?.state == .alive else { return }
        record.sessions[id]?.state = state
    }
}
