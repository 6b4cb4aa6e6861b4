// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A detached thread for blocking work, of which the concurrency runtime has too few.
enum TCPPeerThread {
    /// Runs the closure on a new thread; false when none could be created.
    static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        let context = unsafe Unmanaged.passRetained(TCPPeerThreadStart(body)).toOpaque()
        var thread = pthread_t()
        guard unsafe pthread_create(&thread, nil, threadMain, context) == 0 else {
            unsafe Unmanaged<TCPPeerThreadStart>.fromOpaque(context).release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<TCPPeerThreadStart>.fromOpaque(context).takeRetainedValue()
    start.body()
    return nil
}

private final class TCPPeerThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
