// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Holds threads until a number of them has arrived.
@safe
final class Gate: @unchecked Sendable {
    private let barrier: UnsafeMutablePointer<pthread_barrier_t>

    init(count: Int) {
        unsafe barrier = .allocate(capacity: 1)
        unsafe pthread_barrier_init(barrier, nil, UInt32(count))
    }

    deinit {
        unsafe pthread_barrier_destroy(barrier)
        unsafe barrier.deallocate()
    }

    /// To be called by exactly as many threads as the gate was made for.
    func arriveAndWait() {
        unsafe pthread_barrier_wait(barrier)
    }
}
