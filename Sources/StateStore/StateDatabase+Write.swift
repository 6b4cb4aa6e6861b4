// SPDX-License-Identifier: Apache-2.0

private import Foundation
internal import GRDB
internal import KeepaliveAgent

extension StateDatabase {
    /// Applies changes in their order, in one transaction.
    func apply(_ changes: [StateChange]) throws(StoreFault) {
        try write { database in
            for change in changes {
                switch change {
                case .put(let session):
                    try StateDatabase.put(session, database)
                case .remove(let backend, let key):
                    try database.cachedStatement(sql: "DELETE FROM session WHERE backend = ? AND key = ?")
                        .execute(arguments: [backend, key])
                case .save(let successes, let backends):
                    for success in successes { try StateDatabase.update(success, database) }
                    for backend in backends { try StateDatabase.put(backend, database) }
                }
            }
        }
    }

    /// Puts a state in place of all that is there, in one transaction.
    func replaceAll(with state: StoredState) throws(StoreFault) {
        try write { database in
            try database.execute(sql: "DELETE FROM header; DELETE FROM session; DELETE FROM backend")
            for session in state.sessions where session.isStorable { try StateDatabase.put(session, database) }
            for backend in state.backends { try StateDatabase.put(backend, database) }
        }
    }

    private static func put(_ session: StoredSession, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO session (backend, key, session_id, protocol_version, registered_at, lease_milliseconds,
                    lease_expires_at, ends_at, suspended_until, last_activity, last_success)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET session_id = excluded.session_id,
                    protocol_version = excluded.protocol_version, registered_at = excluded.registered_at,
                    lease_milliseconds = excluded.lease_milliseconds, lease_expires_at = excluded.lease_expires_at,
                    ends_at = excluded.ends_at, suspended_until = excluded.suspended_until,
                    last_activity = excluded.last_activity, last_success = excluded.last_success
                """
        ).execute(
            arguments: [
                session.backend, session.key, Data(session.sessionID), session.protocolVersion, session.registeredAt,
                session.leaseMilliseconds, session.leaseExpiresAt, session.endsAt,
                session.suspendedUntil, session.lastActivity, session.lastSuccess,
            ]
        )
        try database.cachedStatement(sql: "DELETE FROM header WHERE backend = ? AND key = ?")
            .execute(arguments: [session.backend, session.key])
        for (position, header) in session.headers.enumerated() {
            try database.cachedStatement(
                sql: "INSERT INTO header (backend, key, position, name, template) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [session.backend, session.key, position, header.name, header.template])
        }
    }

    /// Only updates: the session may have been removed since the batch was begun.
    private static func update(_ success: StoredSuccess, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE session SET last_activity = ?, last_success = coalesce(?, last_success)
                WHERE backend = ? AND key = ?
                """
        ).execute(arguments: [success.lastActivity, success.lastSuccess, success.backend, success.key])
    }

    private static func put(_ backend: StoredBackend, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO backend (name, signature, disabled_since, disabled_reason, next_probe, is_held_by_operator,
                    held_since, held_until, fallback_since, last_success)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET signature = excluded.signature, disabled_since = excluded.disabled_since,
                    disabled_reason = excluded.disabled_reason, next_probe = excluded.next_probe,
                    is_held_by_operator = excluded.is_held_by_operator, held_since = excluded.held_since,
                    held_until = excluded.held_until,
                    fallback_since = excluded.fallback_since, last_success = excluded.last_success
                """
        ).execute(
            arguments: [
                backend.name, backend.signature, backend.disabledSince, backend.disabledReason, backend.nextProbe,
                backend.isHeldByOperator, backend.heldSince, backend.heldUntil, backend.fallbackSince,
                backend.lastSuccess,
            ]
        )
    }
}
