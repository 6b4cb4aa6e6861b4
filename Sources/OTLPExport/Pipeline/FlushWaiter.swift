// SPDX-License-Identifier: Apache-2.0

/// Somebody who waits until what was recorded so far has been exported.
struct FlushWaiter {
    /// Per signal, in the order of `Signal.index`: how much has to be done with.
    let targets: [UInt64]
    /// When the waiting ends anyway.
    let deadline: ContinuousClock.Instant
    /// Told whether all was done in time.
    let continuation: CheckedContinuation<Bool, Never>
}
