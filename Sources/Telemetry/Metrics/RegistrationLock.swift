// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// Held while a series is made and while a meter reads all of its series: no snapshot sees half of a registration.
final class RegistrationLock: Sendable {
    private let mutex = Locked(())

    /// Runs `body` while no other registration and no reading runs.
    func withLock<Result: Sendable>(_ body: () -> Result) -> Result {
        mutex.withLock { _ in body() }
    }
}
