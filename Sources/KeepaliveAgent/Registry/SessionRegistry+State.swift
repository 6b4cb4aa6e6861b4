// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveEngine
import LogText

extension SessionRegistry {
    /// How many sessions are handed over at once: the keepalives wait meanwhile, about a millisecond.
    private static let portion = 256

    // MARK: After a start

    /// Goes on with what was registered before the agent was started; what ended meanwhile is told and forgotten.
    package func restore(_ state: StoredState) async {
        for stored in state.backends {
            await reactor.restore(history(of: stored), of: stored.name, signature: stored.signature)
        }
        var released = 0
        for start in stride(from: 0, to: state.sessions.count, by: Self.portion) {
            await restore(state.sessions[start..<min(start + Self.portion, state.sessions.count)], &released)
        }
        let unknown = state.sessions.count - entries.count - released
        if unknown > 0 {
            say(.warning, "\(Self.sessions(unknown)) of backends that are no longer configured: released")
        }
        let hasSessions = !entries.isEmpty
        await reactor.endRestoring()
        if hasSessions { say(.info, "\(Self.sessions(entries.count)) taken over from before the start") }
    }

    /// - Parameter released: counts those whose lease ended meanwhile.
    private func restore(_ portion: ArraySlice<StoredSession>, _ released: inout Int) async {
        var sessions: [(AttachedSession, SessionHistory)] = []
        for stored in portion {
            let success = stored.lastSuccess.map(tick)
            let activity = max(tick(stored.lastActivity), success ?? Tick(milliseconds: .min))
            sessions.append(
                (await session(of: stored), SessionHistory(lastActivity: activity, lastSuccess: success))
            )
        }
        let handles = await reactor.restore(sessions)
        let now = clock.now()
        let policies = await reactor.leasePolicies()
        var over: [ReleaseReason: [SessionHandle]] = [:]
        var gone: [SessionKey] = []
        for (index, stored) in portion.enumerated() {
            guard let handle = handles[index], let policy = policies[stored.backend] else {
                gone.append(SessionKey(backend: stored.backend, key: stored.key))
                continue
            }
            let name = SessionKey(backend: stored.backend, key: stored.key)
            let age = Duration.milliseconds(max(0, unixMilliseconds - stored.registeredAt))
            let byPolicy = policy.maxLifetime.map { now + ($0 - age) } ?? .never
            var entry = Registration(
                key: name,
                handle: handle,
                digest: SessionDigest(sessions[index].0),
                lease: Lease(
                    for: .milliseconds(stored.leaseMilliseconds),
                    remaining: .milliseconds(stored.leaseExpiresAt - unixMilliseconds),
                    endsAt: min(stored.endsAt.map(tick) ?? .never, byPolicy),
                    lastUse: tick(stored.lastActivity),
                    maxIdle: policy.maxIdle,
                    at: now
                ),
                protocolVersion: stored.protocolVersion,
                headers: stored.headers,
                registeredAt: stored.registeredAt,
                suspension: nil,
                storedActivity: stored.lastActivity,
                storedSuccess: stored.lastSuccess
            )
            guard let reason = entry.lease.ended(at: now) else {
                entry.suspension = await suspension(of: stored, handle)
                digests[entry.digest] = name
                remember(entry)
                continue
            }
            // Told by its name and counted, but never called.
            feed.name(handle, name)
            over[reason, default: []].append(handle)
            gone.append(name)
        }
        for (reason, handles) in over {
            await reactor.release(handles, because: reason)
            for handle in handles { feed.forget(handle) }
        }
        // At once, so that they share transactions.
        await withTaskGroup(of: Void.self) { [storage] group in
            for name in gone { group.addTask { _ = await storage?.remove(backend: name.backend, key: name.key) } }
        }
        released += over.values.reduce(0) { $0 + $1.count }
    }

    /// The rest of a suspension; nil when there was none, or when it is over by now.
    private func suspension(
        of stored: StoredSession,
        _ handle: SessionHandle
    ) async -> (ticket: LockTicket, until: Tick)? {
        let now = clock.now()
        guard let until = stored.suspendedUntil.map(tick), until > now, let ticket = await reactor.lock(handle) else {
            return nil
        }
        // Whatever the wall clock did meanwhile, nobody could ask for more.
        return (ticket, min(until, now + .seconds(SessionSuspension.longestSeconds)))
    }

    private func session(of stored: StoredSession) async -> AttachedSession {
        let identifier = String(decoding: stored.sessionID, as: UTF8.self)
        var session = AttachedSession(backend: stored.backend, sessionID: Secret(identifier))
        session.protocolVersion = stored.protocolVersion
        for header in stored.headers {
            do throws(ControlProblem) {
                session.headers += try await resolve([header.name: header.template])
            } catch {
                // The backend will refuse it, and then the secret is read again until it is there.
                say(.warning, "\(stored.backend): \(error.detail); the session goes on without until it can be read")
                if let unresolved = try? HeaderConfiguration(unresolved: header.name, text: header.template) {
                    session.headers.append(unresolved)
                }
            }
        }
        return session
    }

    private func history(of stored: StoredBackend) -> BackendHistory {
        var history = BackendHistory()
        if let since = stored.disabledSince, let reason = stored.disabledReason.flatMap(FailureReason.init) {
            let nextProbe = stored.nextProbe.map(tick) ?? clock.now()
            history.disabled = BackendHistory.Disabled(reason: reason, since: tick(since), nextProbe: nextProbe)
        }
        if stored.isHeldByOperator {
            let since = stored.heldSince.map(tick) ?? clock.now()
            history.hold = OperatorHold(since: since, until: stored.heldUntil.map(tick))
        }
        history.fallbackSince = stored.fallbackSince.map(tick)
        history.lastSuccess = stored.lastSuccess.map(tick)
        return history
    }

    // MARK: On the way

    /// Keeps what is new about sessions and backends; where the disk is behind, all of it.
    package func save() async {
        guard let storage, storage.canRecover, !isStopped else { return }
        tellProblem(of: storage)
        let backends = await storedBackends()
        if storage.problem != nil {
            await recover(storage, backends)
            return
        }
        var successes: [StoredSuccess] = []
        let all = Array(entries.values)
        for start in stride(from: 0, to: all.count, by: Self.portion) {
            let portion = all[start..<min(start + Self.portion, all.count)]
            let histories = await reactor.histories(of: portion.map(\.handle))
            for (entry, history) in zip(portion, histories) {
                if let history, let change = change(of: entry, history) { successes.append(change) }
            }
        }
        guard !successes.isEmpty || backends != savedBackends else { return }
        if await storage.save(successes: successes, backends: backends) { savedBackends = backends }
        tellProblem(of: storage)
    }

    /// Says once why the disk is behind, and of each damaged file that it was set aside.
    private func tellProblem(of storage: any StateStorage) {
        if storage.lastDamage != toldDamage {
            toldDamage = storage.lastDamage
            say(.error, "state_dir: a damaged file was set aside in \(storage.directory); all is written anew")
        }
        guard let problem = storage.problem, !isProblemTold else { return }
        isProblemTold = true
        say(.error, "state_dir: \(problem); registrations do not survive a restart until it works again")
    }

    /// What is new about a session, if anything is.
    private func change(of entry: Registration, _ history: SessionHistory) -> StoredSuccess? {
        let activity = unixMilliseconds(history.lastActivity)
        let success = history.lastSuccess.map { unixMilliseconds($0) }
        // Somebody may have replaced the session while its history was awaited.
        guard entries[entry.key]?.handle == entry.handle, entries[entry.key]?.digest == entry.digest,
            activity != entry.storedActivity || success != entry.storedSuccess
        else { return nil }
        entries[entry.key]?.storedActivity = activity
        entries[entry.key]?.storedSuccess = success
        return StoredSuccess(
            backend: entry.key.backend,
            key: entry.key.key,
            lastSuccess: success,
            lastActivity: activity
        )
    }

    /// Writes everything anew, now that the disk may be writable again.
    private func recover(_ storage: any StateStorage, _ backends: [StoredBackend]) async {
        let all = Array(entries.values)
        var identifiers: [[UInt8]] = []
        for start in stride(from: 0, to: all.count, by: Self.portion) {
            let portion = all[start..<min(start + Self.portion, all.count)]
            identifiers += await reactor.identifiers(of: portion.map(\.handle))
        }
        // What changed while that was awaited: of the rest the ids are known, and nothing is awaited any more.
        var sessions: [StoredSession] = []
        for (entry, identifier) in zip(all, identifiers) where !identifier.isEmpty {
            guard let now = entries[entry.key] else { continue }
            guard now.handle == entry.handle, now.digest == entry.digest else { return }
            sessions.append(stored(now, identifier: identifier))
        }
        guard sessions.count == entries.count else { return }
        if await storage.recover(with: StoredState(sessions: sessions, backends: backends)) {
            savedBackends = backends
            tellProblem(of: storage)
            isProblemTold = false
            say(.info, "\(storage.directory) can be written again: registrations survive a restart")
        }
    }

    private func storedBackends() async -> [StoredBackend] {
        await reactor.backendStatuses().map { name, signature, status in
            StoredBackend(
                name: name,
                signature: signature,
                disabledSince: status.disabledSince.map { unixMilliseconds($0) },
                disabledReason: status.disabledReason?.rawValue,
                nextProbe: status.nextProbe.map { unixMilliseconds($0) },
                isHeldByOperator: status.hold != nil,
                heldSince: status.hold.map { unixMilliseconds($0.since) },
                heldUntil: status.hold?.until.map { unixMilliseconds($0) },
                fallbackSince: status.fallbackSince.map { unixMilliseconds($0) },
                lastSuccess: status.lastSuccess.map { unixMilliseconds($0) }
            )
        }
    }

    /// Ends everything: what is registered stays on disk.
    package func stop() async {
        await save()
        isStopped = true
        await storage?.close()
    }

    // MARK: Values

    /// An entry as it is kept on disk.
    func stored(_ entry: Registration, identifier: [UInt8]) -> StoredSession {
        StoredSession(
            backend: entry.key.backend,
            key: entry.key.key,
            sessionID: identifier,
            protocolVersion: entry.protocolVersion,
            headers: entry.headers,
            registeredAt: entry.registeredAt,
            leaseMilliseconds: entry.lease.duration.wholeMilliseconds,
            leaseExpiresAt: unixMilliseconds(entry.lease.expiresAt),
            endsAt: entry.lease.endsAt == .never ? nil : unixMilliseconds(entry.lease.endsAt),
            suspendedUntil: entry.suspension.map { unixMilliseconds($0.until) },
            lastActivity: entry.storedActivity,
            lastSuccess: entry.storedSuccess
        )
    }

    func say(_ level: LogLevel, _ message: String) {
        log.write(LogLine(unixNanoseconds: clock.unixNanoseconds(), level: level, message: message))
    }

    private static func sessions(_ count: Int) -> String {
        "\(count) registered session\(count == 1 ? "" : "s")"
    }
}
