// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A detached thread with all signals blocked.
///
/// Blocking them leaves signal handling to the threads that expect it, and keeps a SIGPIPE from a TLS connection from
/// ending the process; threads that libcurl starts for name lookups inherit it.
enum PollThread {
    /// Runs the closure on a new thread; false when none could be created.
    static func run(named name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        // Blocked before the thread exists, so that no signal can reach it.
        var all = sigset_t()
        var previous = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        let context = unsafe Unmanaged.passRetained(PollThreadStart(name: name, body: body)).toOpaque()
        let isRunning = unsafe create(context)
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        if !isRunning { unsafe Unmanaged<PollThreadStart>.fromOpaque(context).release() }
        return isRunning
    }

    private static func create(_ context: UnsafeMutableRawPointer) -> Bool {
        var thread = pthread_t()
        guard unsafe pthread_create(&thread, nil, pollThreadMain, context) == 0 else { return false }
        pthread_detach(thread)
        return true
    }

    /// Names the thread in the lists of the operating system. A convenience, so a failure does not matter.
    fileprivate static func nameCurrentThread(_ name: String) {
        let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = unsafe name.withCString { text in unsafe write(descriptor, text, strlen(text)) }
    }
}

private func pollThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<PollThreadStart>.fromOpaque(context).takeRetainedValue()
    PollThread.nameCurrentThread(start.name)
    start.body()
    return nil
}

/// What a new thread is handed.
private final class PollThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
