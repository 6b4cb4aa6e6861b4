// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// What can be shown of a client's registration of a session.
struct RegisteredTerms: Sendable {
    let key: String
    let leaseExpiresAt: Tick
    /// nil: it is not suspended.
    let suspendedUntil: Tick?
}

extension SessionRegistry {
    /// What is registered of these sessions; those that are not a client's are left out.
    func terms(of handles: [SessionHandle]) -> [SessionHandle: RegisteredTerms] {
        var terms: [SessionHandle: RegisteredTerms] = [:]
        for handle in handles {
            guard let name = keys[handle], let entry = entries[name] else { continue }
            terms[handle] = RegisteredTerms(
                key: name.key,
                leaseExpiresAt: min(entry.lease.expiresAt, entry.lease.endsAt),
                suspendedUntil: entry.suspension?.until
            )
        }
        return terms
    }

    /// The handle of a registered session; nil when there is none of this name.
    func handle(of name: SessionKey) -> SessionHandle? { entries[name]?.handle }
}
