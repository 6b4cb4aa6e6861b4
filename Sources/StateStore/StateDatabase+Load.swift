// SPDX-License-Identifier: Apache-2.0

private import Foundation
internal import GRDB
internal import KeepaliveAgent

extension StateDatabase {
    /// Reads everything.
    func load() throws(StoreFault) -> StoredState {
        try read { database in
            var headers: [SessionName: [StoredHeader]] = [:]
            let headerRows = try Row.fetchCursor(
                database,
                sql: "SELECT backend, key, name, template FROM header ORDER BY backend, key, position"
            )
            while let row = try headerRows.next() {
                var values = StoredValues(row)
                let name = SessionName(backend: try values.next(), key: try values.next())
                headers[name, default: []].append(StoredHeader(name: try values.next(), template: try values.next()))
            }
            let sessions = try Row.fetchCursor(
                database,
                sql: """
                    SELECT backend, key, session_id, protocol_version, registered_at, lease_milliseconds,
                        lease_expires_at, ends_at, suspended_until, last_activity, last_success
                    FROM session ORDER BY backend, key
                    """
            )
            let backends = try Row.fetchCursor(
                database,
                sql: """
                    SELECT name, signature, disabled_since, disabled_reason, next_probe, is_held_by_operator, held_since, held_until,
                        fallback_since, last_success
                    FROM backend ORDER BY name
                    """
            )
            var state = StoredState()
            while let row = try sessions.next() {
                var session = try StateDatabase.session(row)
                session.headers = headers[SessionName(backend: session.backend, key: session.key)] ?? []
                state.sessions.append(session)
            }
            while let row = try backends.next() { state.backends.append(try StateDatabase.backend(row)) }
            return state
        }
    }

    private struct SessionName: Hashable {
        let backend: String
        let key: String
    }

    private static func session(_ row: Row) throws -> StoredSession {
        var values = StoredValues(row)
        return StoredSession(
            backend: try values.next(),
            key: try values.next(),
            sessionID: Array(try values.next() as Data),
            protocolVersion: try values.nextIfAny(),
            registeredAt: try values.nextTime(),
            leaseMilliseconds: try values.nextTime(),
            leaseExpiresAt: try values.nextTime(),
            endsAt: try values.nextTimeIfAny(),
            suspendedUntil: try values.nextTimeIfAny(),
            lastActivity: try values.nextTime(),
            lastSuccess: try values.nextTimeIfAny()
        )
    }

    private static func backend(_ row: Row) throws -> StoredBackend {
        var values = StoredValues(row)
        return StoredBackend(
            name: try values.next(),
            signature: try values.nextIfAny(),
            disabledSince: try values.nextTimeIfAny(),
            disabledReason: try values.nextIfAny(),
            nextProbe: try values.nextTimeIfAny(),
            isHeldByOperator: try values.next(),
            heldSince: try values.nextTimeIfAny(),
            heldUntil: try values.nextTimeIfAny(),
            fallbackSince: try values.nextTimeIfAny(),
            lastSuccess: try values.nextTimeIfAny()
        )
    }
}
