// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// Held while a series is made and while a meter reads all of its series: no snapshot sees half of a registration.
final class RegistrationLock: Sendable {
    // Not of no size: the thread sanitizer takes the address of such a value for the object's first word, which calls read.
    private let mutex = Locked(false)

    /// Runs `body` while no other registration and no reading runs.
    func withLock<Result: Sendable>(_ body: () -> Result) -> Result {
        mutex.withLock { _ in body() }
    }
}
