// SPDX-License-Identifier: Apache-2.0

/// What a release is answered with: 204 and nothing (RFC 9110 section 15.3.5), or why that is not all.
package struct ReleaseAnswer: Codable, Sendable, Hashable {
    /// Whether it stays released after a restart of the agent; nil stands for yes.
    package var durable: Bool?
}
