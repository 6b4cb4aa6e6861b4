// SPDX-License-Identifier: Apache-2.0

/// What a failure means for the backend's circuit breaker.
package enum BreakerEffect: String, Sendable, Hashable {
    /// Belongs to a session or a credential: not counted.
    case none
    /// Counts towards the threshold.
    case counts
    /// Opens the breaker at once.
    case trips
}
