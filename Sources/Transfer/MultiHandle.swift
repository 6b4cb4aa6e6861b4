// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// A set of transfers that go on side by side, and the connections that they share.
///
/// `wakeUp` may be called from any thread; everything else only from the one that drives the transfers.
@safe
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    init() {
        precondition(CurlLibrary.isInitialized, "libcurl cannot be initialized")
        guard let pointer = unsafe curl_multi_init() else { preconditionFailure("curl_multi_init failed") }
        unsafe self.pointer = unsafe pointer
        // Fails when the process had no file descriptors left for the pipe that wakes the thread: nothing would work.
        wakeUp()
        poll(milliseconds: 0)
    }

    deinit {
        unsafe CurlLibrary.require(curl_multi_cleanup(pointer), "curl_multi_cleanup")
    }

    /// Makes the current or next `poll` return.
    func wakeUp() {
        unsafe CurlLibrary.require(curl_multi_wakeup(pointer), "curl_multi_wakeup")
    }

    /// Waits until something can go on, a timer of libcurl's ends, `wakeUp` is called or `milliseconds` are over.
    func poll(milliseconds: Int32) {
        let result = unsafe curl_multi_poll(pointer, nil, 0, milliseconds, nil)
        if result == CURLM_UNRECOVERABLE_POLL {
            // poll(2) refuses more descriptors than RLIMIT_NOFILE, which may be lowered at run time. Transfers go on by
            // `perform` alone, at this pace.
            _ = Glibc.poll(nil, 0, min(milliseconds, 10))
        } else {
            CurlLibrary.require(result, "curl_multi_poll")
        }
    }

    /// Lets every transfer go on as far as it can without waiting.
    func perform() {
        var running: Int32 = 0
        let result = unsafe curl_multi_perform(pointer, &running)
        CurlLibrary.require(result, "curl_multi_perform")
    }

    /// The next transfer that ended by itself: the index of its handle and its `CURLcode`; it has to be removed.
    func nextEnded() -> (index: Int, code: Int32)? {
        var code = CURLE_OK
        guard let easy = unsafe ccurl_multi_next_ended(pointer, &code) else { return nil }
        return unsafe (EasyHandle.index(of: unsafe easy), Int32(code.rawValue))
    }

    /// Starts the transfer that the handle is prepared for.
    func add(_ easy: UnsafeMutableRawPointer) throws(TransferError) {
        try CurlLibrary.check(unsafe curl_multi_add_handle(pointer, easy))
    }

    /// Takes a transfer out; closes its connection unless it has ended by itself.
    func remove(_ easy: UnsafeMutableRawPointer) {
        CurlLibrary.require(unsafe curl_multi_remove_handle(pointer, easy), "curl_multi_remove_handle")
    }

    /// Says how many connections are kept for reuse at most; libcurl's default shrinks with the transfers under way.
    func keepIdleConnections(_ count: Int) {
        let result = unsafe ccurl_multi_setopt_long(pointer, CURLMOPT_MAXCONNECTS, count)
        CurlLibrary.require(result, "curl_multi_setopt")
    }
}
