// SPDX-License-Identifier: Apache-2.0

internal import KeepaliveAgent

extension StateStore: StateStorage {
    /// Why the disk is behind, without any stored value; nil when it is not.
    package var problem: String? {
        switch health {
        case .ok: nil
        case .degraded(let reason): reason
        }
    }

    /// When a damaged database was last set aside since the start, in milliseconds since 1970; nil when none was.
    package var lastDamage: Int64? { status.lastSetAsideAt }
}
