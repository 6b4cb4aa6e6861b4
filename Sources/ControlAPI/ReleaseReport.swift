// SPDX-License-Identifier: Apache-2.0

/// What came of a release. Over HTTP there is nothing to say of one that is durable.
package struct ReleaseReport: Codable, Sendable, Hashable {
    package var backend: String
    package var key: String
    /// `durable`: whether the session stays released after a restart of the agent; false: the disk could not be written.
    package var durable: Bool

    package init(backend: String, key: String, durable: Bool) {
        self.backend = backend
        self.key = key
        self.durable = durable
    }
}
