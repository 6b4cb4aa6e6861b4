// SPDX-License-Identifier: Apache-2.0

/// What the agent learned of a backend or was told about it. Times are milliseconds since 1970.
package struct StoredBackend: Sendable, Hashable {
    /// The backend's name, without U+0000.
    package var name: String
    /// Which server and which call this is about: a breaker says nothing of another one.
    package var signature: String?
    /// Since when its keepalive is disabled; nil when it is not.
    package var disabledSince: Int64?
    /// The failure reason that disabled it, without U+0000.
    package var disabledReason: String?
    /// When the next probe is due.
    package var nextProbe: Int64?
    /// Whether an operator disabled it.
    package var isHeldByOperator: Bool
    /// Since when the operator did.
    package var heldSince: Int64?
    /// Until when the operator did; nil: until told otherwise.
    package var heldUntil: Int64?
    /// Since when the tool is called in place of a ping that the backend does not support; nil: it is pinged.
    package var fallbackSince: Int64?
    /// When a keepalive on any of its sessions last succeeded.
    package var lastSuccess: Int64?

    /// A backend as it is to be kept.
    package init(
        name: String,
        signature: String? = nil,
        disabledSince: Int64? = nil,
        disabledReason: String? = nil,
        nextProbe: Int64? = nil,
        isHeldByOperator: Bool = false,
        heldSince: Int64? = nil,
        heldUntil: Int64? = nil,
        fallbackSince: Int64? = nil,
        lastSuccess: Int64? = nil
    ) {
        self.name = name
        self.signature = signature
        self.disabledSince = disabledSince
        self.disabledReason = disabledReason
        self.nextProbe = nextProbe
        self.isHeldByOperator = isHeldByOperator
        self.heldSince = heldSince
        self.heldUntil = heldUntil
        self.fallbackSince = fallbackSince
        self.lastSuccess = lastSuccess
    }
}
