// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import ControlAPI
import Foundation
import KeepaliveEngine
import LogText

/// The sessions that clients of the local API want to be kept alive, each for as long as its lease lasts.
///
/// What is done with one session is done one after the other; a registration is on disk before its client gets the answer.
package actor SessionRegistry {
    let reactor: Reactor
    let feed: EventFeed
    let storage: (any StateStorage)?
    let clock: AgentClock
    let log: any LogSink
    let environment: [String: String]
    let readFile: FileReader
    let maxSessions: Int

    var entries: [SessionKey: Registration] = [:]
    var keys: [SessionHandle: SessionKey] = [:]
    /// Which session ids are kept alive under which name.
    var digests: [SessionDigest: SessionKey] = [:]
    /// Names that somebody is busy with, and who waits for them.
    private var busy: [SessionKey: [CheckedContinuation<Void, Never>]] = [:]
    /// The other one who keeps sessions of others alive.
    private var source: SessionsFileSource?
    /// Nothing ends before then: no lease and no suspension.
    var firstDeadline = Tick.never
    /// The backends as they are on disk.
    var savedBackends: [StoredBackend] = []
    /// Whether it was said that the disk is behind.
    var isProblemTold: Bool
    /// The last damage that was told.
    var toldDamage: Int64?
    var isStopped = false
    /// What has to be added to the monotonic clock to get the wall clock, in milliseconds.
    var clockOffset: Int64

    /// - Parameters:
    ///   - storage: where registrations survive a restart; nil: nowhere.
    package init(
        reactor: Reactor,
        feed: EventFeed,
        storage: (any StateStorage)?,
        maxSessions: Int,
        log: any LogSink,
        clock: AgentClock = .system,
        environment: [String: String] = [:],
        readFile: FileReader = .system
    ) {
        self.reactor = reactor
        self.feed = feed
        self.storage = storage
        // What was wrong from the start was said then.
        (isProblemTold, toldDamage) = (storage?.problem != nil, storage?.lastDamage)
        self.maxSessions = maxSessions
        self.log = log
        self.clock = clock
        self.environment = environment
        self.readFile = readFile
        clockOffset = Int64(clock.unixNanoseconds() / 1_000_000) - clock.now().milliseconds
    }

    /// How many sessions are registered.
    package var count: Int { entries.count }

    /// Which of these sessions are kept alive for a client, or are about to be.
    func held(among all: [SessionDigest]) -> Set<SessionDigest> {
        digests.isEmpty ? [] : Set(all.filter { digests[$0] != nil })
    }

    /// From now on sessions of this file are not taken twice.
    func respect(_ source: SessionsFileSource) {
        self.source = source
    }

    // MARK: What clients ask for

    /// Registers a session, renews or replaces it.
    ///
    /// When it returns, no call with the id that it had before is in flight or will be sent.
    package func register(
        _ registration: SessionRegistration,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> (grant: SessionGrant, isNew: Bool) {
        let name = SessionKey(backend: backend, key: key)
        guard await reactor.leasePolicy(of: backend) != nil else { throw await reactor.noBackend(backend) }
        let headers = try await resolve(registration.headers ?? [:])
        let session = try attachedSession(registration, headers, backend: backend)
        return try await exclusively(name) { () throws(ControlProblem) in
            try await self.register(registration, session, as: name)
        }
    }

    private func register(
        _ registration: SessionRegistration,
        _ session: AttachedSession,
        as name: SessionKey
    ) async throws(ControlProblem) -> (grant: SessionGrant, isNew: Bool) {
        await endIfOver(name)
        guard let policy = await reactor.leasePolicy(of: name.backend) else {
            throw await reactor.noBackend(name.backend)
        }
        let digest = SessionDigest(session)
        try await claim(digest, for: name)
        let before = entries[name]
        let now = clock.now()
        let lastUse = registration.lastActivity.map(tick) ?? now
        let registeredAt = before.flatMap { $0.digest == digest ? $0.registeredAt : nil } ?? unixMilliseconds
        var entry = Registration(
            key: name,
            handle: before?.handle ?? SessionHandle(index: -1, generation: 0),
            digest: digest,
            lease: Lease(
                for: .seconds(registration.leaseSeconds ?? SessionRegistration.defaultLease),
                endsAt: min(
                    registration.lifetimeSeconds.map { now + .seconds($0) } ?? .never,
                    policy.maxLifetime.map { tick(registeredAt) + $0 } ?? .never
                ),
                lastUse: lastUse,
                maxIdle: policy.maxIdle,
                at: now
            ),
            protocolVersion: registration.protocolVersion,
            headers: Self.stored(registration.headers),
            registeredAt: registeredAt,
            suspension: nil,
            storedActivity: unixMilliseconds(min(lastUse, now)),
            storedSuccess: before.flatMap { $0.digest == digest ? $0.storedSuccess : nil }
        )
        let isReplaced = before.map { $0.digest != digest } ?? false
        var ticket = before?.suspension?.ticket
        if let before, isReplaced, ticket == nil { ticket = await reactor.lock(before.handle) }
        // On disk before it is answered, and not before the old id is out of use.
        let identifier = Array(registration.sessionID.utf8)
        var isDurable = await storage?.put(stored(entry, identifier: identifier)) ?? false
        if let before, let ticket {
            if isReplaced {
                await reactor.replace(before.handle, ticket, with: session)
            } else {
                await reactor.unlock(before.handle, ticket, .unchanged)
                await refresh(before, entry, session, lastUse: lastUse)
            }
        } else if let before, !isReplaced, await reactor.facts(of: before.handle) != nil {
            await refresh(before, entry, session, lastUse: lastUse)
        } else {
            // New, or the backend lost the old one meanwhile.
            if let before { forgetHandle(before.handle) }
            guard let handle = await reactor.attach(session, lastUse: lastUse) else {
                // The backend left the configuration meanwhile.
                digests[digest] = nil
                forget(name)
                _ = await storage?.remove(backend: name.backend, key: name.key)
                throw await reactor.noBackend(name.backend)
            }
            entry.handle = handle
        }
        if let before, isReplaced { digests[before.digest] = nil }
        remember(entry)
        if !isDurable, let storage, storage.problem == nil {
            // The disk got everything anew meanwhile, and this was not yet part of it.
            isDurable = await storage.put(stored(entry, identifier: identifier))
        }
        return (grant(entry, durable: isDurable), before == nil)
    }

    /// Takes a session id for a name; refuses one that is kept alive already, and one that is too many.
    private func claim(_ digest: SessionDigest, for name: SessionKey) async throws(ControlProblem) {
        if let other = digests[digest], other != name {
            throw ControlProblem(
                .sessionInUse,
                "this session is registered as '\(other.key)'; release that one first, or use its name"
            )
        }
        guard digests[digest] == name || entries[name] != nil || digests.count < maxSessions else {
            throw ControlProblem(
                .tooManySessions,
                "\(maxSessions) sessions are registered, which is api.max_sessions; release some or raise it"
            )
        }
        // From the checks to here nothing is awaited: nobody else gets in between. The sessions file looks for the claim
        // before it takes a session, as this looks into the file after the claim, so that one of them sees the other.
        let isNew = digests.updateValue(name, forKey: digest) == nil
        guard isNew, await source?.holds(digest) ?? false else { return }
        digests[digest] = nil
        throw ControlProblem(.sessionInUse, "this session is in the sessions file; take it out of there first")
    }

    /// The same session once more, with what may have changed about it.
    private func refresh(
        _ before: Registration,
        _ entry: Registration,
        _ session: AttachedSession,
        lastUse: Tick
    ) async {
        if before.headers != entry.headers || before.protocolVersion != entry.protocolVersion {
            await reactor.update(before.handle, to: session)
        }
        await reactor.noteActivity(on: before.handle, at: lastUse)
    }

    /// Prolongs the lease of a session.
    package func renew(
        _ renewal: SessionRenewal,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant {
        let name = SessionKey(backend: backend, key: key)
        return try await exclusively(name) { () throws(ControlProblem) in try await self.renew(renewal, name) }
    }

    private func renew(_ renewal: SessionRenewal, _ name: SessionKey) async throws(ControlProblem) -> SessionGrant {
        await endIfOver(name)
        guard var entry = entries[name] else { throw Self.noSession(name) }
        let lastUse = renewal.lastActivity.map(tick)
        entry.lease.renew(for: renewal.leaseSeconds.map { .seconds($0) }, lastUse: lastUse, at: clock.now())
        if let lastUse {
            entry.storedActivity = unixMilliseconds(min(lastUse, clock.now()))
            await reactor.noteActivity(on: entry.handle, at: lastUse)
        }
        remember(entry)
        return grant(entry, durable: try await keep(entry))
    }

    /// Keeps everything from a session for a while; when it returns, no call is in flight on it.
    package func suspend(
        _ suspension: SessionSuspension,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant {
        let name = SessionKey(backend: backend, key: key)
        return try await exclusively(name) { () throws(ControlProblem) in try await self.suspend(suspension, name) }
    }

    private func suspend(
        _ suspension: SessionSuspension,
        _ name: SessionKey
    ) async throws(ControlProblem) -> SessionGrant {
        await endIfOver(name)
        guard let handle = entries[name]?.handle else { throw Self.noSession(name) }
        var ticket = entries[name]?.suspension?.ticket
        if ticket == nil { ticket = await reactor.lock(handle) }
        guard let ticket, var entry = entries[name] else { throw Self.noSession(name) }
        entry.suspension = (
            ticket, clock.now() + .seconds(suspension.seconds ?? SessionSuspension.defaultSeconds)
        )
        remember(entry)
        return grant(entry, durable: try await keep(entry))
    }

    /// Writes what is known of a session to the disk; returns whether it survives a restart.
    private func keep(_ entry: Registration) async throws(ControlProblem) -> Bool {
        let identifier = await reactor.identifiers(of: [entry.handle])[0]
        // Lost meanwhile: there is nothing left to keep.
        guard entries[entry.key] != nil, !identifier.isEmpty else { throw Self.noSession(entry.key) }
        return await storage?.put(stored(entry, identifier: identifier)) ?? false
    }

    /// Releases a session; when it returns, no call on it is in flight or will be sent. True: not after a restart either.
    package func release(backend: String, key: String) async throws(ControlProblem) -> Bool {
        let name = SessionKey(backend: backend, key: key)
        return try await exclusively(name) { () throws(ControlProblem) in
            await self.endIfOver(name)
            guard self.entries[name] != nil else { throw Self.noSession(name) }
            return await self.end(name, because: .deleted)
        }
    }

    // MARK: One after the other

    /// Runs `body` while nobody else does anything with the session of this name.
    func exclusively<Result: Sendable>(
        _ name: SessionKey,
        _ body: () async throws(ControlProblem) -> Result
    ) async throws(ControlProblem) -> Result {
        if isStopped { throw ControlProblem(.shuttingDown, "the agent is stopping; try again in a few seconds") }
        if busy[name] == nil {
            busy[name] = []
        } else {
            await withCheckedContinuation { busy[name, default: []].append($0) }
        }
        defer {
            if busy[name]?.isEmpty ?? true {
                busy[name] = nil
            } else {
                busy[name]?.removeFirst().resume()
            }
        }
        return try await body()
    }

    /// Whether somebody does something with the session of this name.
    func isBusy(_ name: SessionKey) -> Bool { busy[name] != nil }
}
