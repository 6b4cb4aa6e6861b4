// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One kept-alive connection of the peer.
final class PeerConnection {
    private let descriptor: Int32
    private var input: [UInt8] = []
    private var output: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Reads what is there and answers the requests that are complete; false when the connection is over.
    func advance(_ answer: inout PeerAnswer) -> Bool {
        let count = unsafe withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 16) { buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { unsafe input.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        return count > 0 && reply(&answer)
    }

    private func reply(_ answer: inout PeerAnswer) -> Bool {
        var consumed = 0
        while let request = PeerRequest(in: input.span, at: consumed) {
            answer.append(to: request, in: input.span, &output)
            consumed = request.body.upperBound
        }
        if consumed == input.count { input.removeAll(keepingCapacity: true) } else { input.removeFirst(consumed) }
        guard !output.isEmpty else { return true }
        let sent = unsafe output.withUnsafeBytes { bytes in
            unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        // Answers are far smaller than a socket's buffer: whoever does not read them is no client for this peer.
        defer { output.removeAll(keepingCapacity: true) }
        return sent == output.count
    }
}
