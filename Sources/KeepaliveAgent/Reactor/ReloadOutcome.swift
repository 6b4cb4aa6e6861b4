// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// What became of the sessions when another configuration was applied.
package struct ReloadOutcome: Sendable {
    /// The backends that are configured now, by name.
    package var indices: [String: BackendIndex] = [:]
    /// How many sessions there are on backends that did not change.
    package var untouchedSessions = 0
    /// Attached sessions that were released with their backends.
    package var released: Set<SessionHandle> = []
    /// Backends that are at another URL now, with the number of attached sessions that were kept.
    package var moved: [(backend: String, attachedSessions: Int)] = []
}
