// SPDX-License-Identifier: Apache-2.0

/// Why the breaker closed again.
package enum ReenableReason: String, Sendable, Hashable, CaseIterable {
    case probe
    /// By hand.
    case `operator`
    /// The configuration changed; belongs to a feature that comes later.
    case reload
}
