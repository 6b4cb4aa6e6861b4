// SPDX-License-Identifier: Apache-2.0

/// Why the breaker closed again.
package enum ReenableReason: String, Sendable, Hashable, CaseIterable {
    case probe
    /// By hand.
    case `operator`
    /// Its URL, its method or its tool is another one in the configuration that was loaded.
    case reload
}
