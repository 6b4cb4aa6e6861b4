// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting

/// A storage in memory that can be made to fail, and to keep its caller waiting.
final class RecordingStorage: StateStorage {
    struct Record: Sendable {
        var sessions: [String: StoredSession] = [:]
        var backends: [StoredBackend] = []
        var successes: [StoredSuccess] = []
        var problem: String?
        var lastDamage: Int64?
        /// How many more sessions are not kept although nothing else is wrong.
        var refusals = 0
        var recoveries = 0
        var isClosed = false
        var hangs = false
    }

    let kept = Recorder(Record())
    let directory = "/state"

    var problem: String? { kept.record.problem }
    var lastDamage: Int64? { kept.record.lastDamage }

    func put(_ session: StoredSession) async -> Bool {
        kept.change { record in
            if record.refusals > 0 {
                record.refusals -= 1
                return false
            }
            guard record.problem == nil else { return false }
            record.sessions["\(session.backend)/\(session.key)"] = session
            return true
        }
    }

    func remove(backend: String, key: String) async -> Bool {
        let works = kept.record.problem == nil
        if works { kept.change { $0.sessions["\(backend)/\(key)"] = nil } }
        return works
    }

    func save(successes: [StoredSuccess], backends: [StoredBackend]) async -> Bool {
        kept.change {
            $0.successes += successes
            $0.backends = backends
        }
        return kept.record.problem == nil
    }

    func recover(with state: StoredState) async -> Bool {
        kept.change { record in
            record.recoveries += 1
            record.problem = nil
            record.backends = state.backends
            record.sessions = Dictionary(uniqueKeysWithValues: state.sessions.map { ("\($0.backend)/\($0.key)", $0) })
        }
        return true
    }

    func close() async {
        // Nobody cancels whoever waits for a disk.
        _ = try? await kept.wait { !$0.hangs }
        kept.change { $0.isClosed = true }
    }

    /// From now on the end of the storage is not reached.
    func hang() { kept.change { $0.hangs = true } }

    func goOn() { kept.change { $0.hangs = false } }
}
