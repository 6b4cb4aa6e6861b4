// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import Foundation
import KeepaliveEngine

extension SessionRegistry {
    // MARK: The books

    /// Keeps an entry that has its handle.
    func remember(_ entry: Registration) {
        entries[entry.key] = entry
        keys[entry.handle] = entry.key
        feed.name(entry.handle, entry.key)
        firstDeadline = min(firstDeadline, entry.suspension?.until ?? .never, entry.lease.deadline)
    }

    /// The session of this handle is over.
    func forgetHandle(_ handle: SessionHandle) {
        keys[handle] = nil
        feed.forget(handle)
    }

    /// Forgets an entry that is over.
    func forget(_ name: SessionKey) {
        guard let entry = entries.removeValue(forKey: name) else { return }
        if digests[entry.digest] == name { digests[entry.digest] = nil }
        forgetHandle(entry.handle)
    }

    // MARK: The end

    /// Ends a session whose lease is over but which nobody has looked at since.
    func endIfOver(_ name: SessionKey) async {
        guard let reason = entries[name]?.lease.ended(at: clock.now()) else { return }
        await end(name, because: reason)
    }

    /// Ends a session: when it returns, no call on it is in flight or will be sent, and the disk has forgotten it. False: that
    /// cannot be written; it forgets when it can be again.
    @discardableResult
    func end(_ name: SessionKey, because reason: ReleaseReason) async -> Bool {
        guard let entry = entries[name] else { return true }
        var ticket = entry.suspension?.ticket
        if ticket == nil { ticket = await reactor.lock(entry.handle) }
        if let ticket { await reactor.unlock(entry.handle, ticket, .closed(reason)) }
        forget(name)
        guard let storage else { return true }
        if await storage.remove(backend: name.backend, key: name.key) { return true }
        // The disk got everything anew meanwhile, when this was perhaps still part of it.
        return storage.problem == nil ? await storage.remove(backend: name.backend, key: name.key) : false
    }

    /// The backend lost the session, or its backend is no longer configured.
    func ended(_ handle: SessionHandle) async {
        guard let name = keys[handle] else { return }
        // Whoever is busy with it finds out by itself.
        try? await exclusively(name) { () throws(ControlProblem) in
            guard self.entries[name]?.handle == handle else { return self.forgetHandle(handle) }
            self.forget(name)
            _ = await self.storage?.remove(backend: name.backend, key: name.key)
        }
    }

    /// Ends what is over by now: leases and suspensions.
    package func sweep() async {
        let now = clock.now()
        followWallClock()
        guard firstDeadline <= now, !isStopped else { return }
        firstDeadline = .never
        var over: [SessionKey] = []
        for (name, entry) in entries {
            if entry.lease.ended(at: now) != nil || entry.suspension.map({ $0.until <= now }) ?? false {
                over.append(name)
            } else {
                firstDeadline = min(firstDeadline, entry.suspension?.until ?? .never, entry.lease.deadline)
            }
        }
        for name in over where !isBusy(name) {
            try? await exclusively(name) { () throws(ControlProblem) in await self.endWhatIsOver(name) }
        }
        // Somebody was busy with these; they are looked at again the next time.
        if over.contains(where: { entries[$0] != nil }) { firstDeadline = min(firstDeadline, now) }
    }

    private func endWhatIsOver(_ name: SessionKey) async {
        let now = clock.now()
        guard var entry = entries[name] else { return }
        if let reason = entry.lease.ended(at: now) {
            await end(name, because: reason)
            return
        }
        guard let suspension = entry.suspension, suspension.until <= now else {
            firstDeadline = min(firstDeadline, entry.lease.deadline)
            return
        }
        entry.suspension = nil
        remember(entry)
        await reactor.unlock(entry.handle, suspension.ticket, .unchanged)
    }

    // MARK: Values

    func grant(_ entry: Registration, durable: Bool) -> SessionGrant {
        SessionGrant(
            backend: entry.key.backend,
            key: entry.key.key,
            leaseExpiresAt: date(min(entry.lease.expiresAt, entry.lease.endsAt)),
            suspendedUntil: entry.suspension.map { date($0.until) },
            durable: durable
        )
    }

    /// A session as the reactor takes it.
    func attachedSession(
        _ registration: SessionRegistration,
        _ headers: [HeaderConfiguration],
        backend: String
    ) throws(ControlProblem) -> AttachedSession {
        var session = AttachedSession(backend: backend, sessionID: Secret(registration.sessionID))
        session.protocolVersion = registration.protocolVersion
        session.headers = headers
        if let version = registration.protocolVersion, !AttachedSession.isProtocolVersion(version) {
            throw ControlProblem(.invalidBody, "protocol_version: expected a version such as 2025-11-25")
        }
        return session
    }

    /// Headers with their secrets; files are read away from everybody else.
    func resolve(_ headers: [String: String]) async throws(ControlProblem) -> [HeaderConfiguration] {
        if headers.isEmpty { return [] }
        let resolved = await Self.resolve(headers, environment: environment, readFile: readFile)
        switch resolved {
        case .success(let headers): return headers
        case .failure(let problem): throw problem
        }
    }

    @concurrent
    private nonisolated static func resolve(
        _ headers: [String: String],
        environment: [String: String],
        readFile: FileReader
    ) async -> Result<[HeaderConfiguration], ControlProblem> {
        var resolved: [HeaderConfiguration] = []
        for (name, text) in headers.sorted(by: { $0.key < $1.key }) {
            do throws(SubstitutionError) {
                resolved.append(
                    try HeaderConfiguration(name: name, text: text, environment: environment, readFile: readFile)
                )
            } catch {
                return .failure(ControlProblem(.invalidBody, "headers: \(error.message)"))
            }
        }
        if Set(resolved.map { $0.name.lowercased() }).count != resolved.count {
            return .failure(
                ControlProblem(.invalidBody, "headers: a name occurs twice; upper and lower case do not matter")
            )
        }
        return .success(resolved)
    }

    static func stored(_ headers: [String: String]?) -> [StoredHeader] {
        (headers ?? [:]).sorted { $0.key < $1.key }.map { StoredHeader(name: $0.key, template: $0.value) }
    }

    // MARK: Times

    var unixMilliseconds: Int64 { Int64(clock.unixNanoseconds() / 1_000_000) }

    /// Follows the wall clock when it is set. That the two clocks are read one after the other moves nothing.
    func followWallClock() {
        let offset = unixMilliseconds - clock.now().milliseconds
        if abs(offset - clockOffset) > 500 { clockOffset = offset }
    }

    /// A point on the monotonic clock in milliseconds since 1970.
    func unixMilliseconds(_ tick: Tick) -> Int64 {
        tick == .never ? .max : tick.milliseconds + clockOffset
    }

    /// A time in milliseconds since 1970 on the monotonic clock.
    func tick(_ unixMilliseconds: Int64) -> Tick {
        unixMilliseconds == .max ? .never : Tick(milliseconds: unixMilliseconds - clockOffset)
    }

    func tick(_ date: Date) -> Tick {
        // Bounded, since a client can say anything.
        tick(Int64(min(max(date.timeIntervalSince1970 * 1000, 0), 4e12)))
    }

    func date(_ tick: Tick) -> Date {
        Date(timeIntervalSince1970: Double(unixMilliseconds(tick)) / 1000)
    }

    // MARK: Problems

    static func noSession(_ name: SessionKey) -> ControlProblem {
        ControlProblem(
            .noSuchSession,
            "no session is registered under this name: it was released, its lease ended or its backend lost it"
        )
    }
}
