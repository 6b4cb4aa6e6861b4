// SPDX-License-Identifier: Apache-2.0

/// How the store is doing.
package struct StoreStatus: Sendable, Hashable {
    /// Whether the disk is up to date.
    package var health: StoreHealth
    /// What the database takes on the disk, in bytes, without files that were set aside.
    package var bytes: Int64 = 0
    /// How many transactions were committed since the store was opened.
    package var transactions: Int = 0
    /// The name of the damaged file that was set aside last since the store was opened.
    package var lastSetAside: String?
    /// When that was, in milliseconds since 1970.
    package var lastSetAsideAt: Int64?
}
