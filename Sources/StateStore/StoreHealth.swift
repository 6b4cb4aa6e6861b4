// SPDX-License-Identifier: Apache-2.0

/// Whether what the agent acknowledges survives a restart.
package enum StoreHealth: Sendable, Hashable {
    /// The disk has all that was acknowledged.
    case ok
    /// The disk is behind until `StateStore.recover(with:)` succeeds; why, without any stored value.
    case degraded(reason: String)
}
