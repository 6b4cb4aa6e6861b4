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
}
