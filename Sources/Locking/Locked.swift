// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A value that one thread at a time gets at.
///
/// The thread sanitizer understands the locks of pthreads. It does not see into `Synchronization.Mutex`, whose slow path
/// is in a library that is not instrumented, and reports races in correct programs as soon as threads contend for one.
@safe
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// A lock around a value.
    package init(_ value: consuming sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let result = unsafe pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init failed")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs the closure while no other one runs.
    package func withLock<Result: ~Copyable>(_ body: (inout sending Value) -> sending Result) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
