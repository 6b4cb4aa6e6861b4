// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// A session as it can be shown: nothing of its id but its name.
package struct SessionFacts: Sendable {
    package let handle: SessionHandle
    /// The name of its backend.
    package let backend: String
    package let status: SessionStatus
    /// Whether its backend is disabled, or asked to be left alone.
    package let isHeldBack: Bool
    /// Its keyed hash; empty where there is none.
    package let name: String
    package let protocolVersion: String?
}
