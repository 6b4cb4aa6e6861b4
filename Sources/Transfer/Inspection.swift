// SPDX-License-Identifier: Apache-2.0

/// Where the handles of one pool find its inspector, and leave word of answers that are complete.
final class Inspection {
    /// `TransferPool.inspector`.
    var inspector: ((UInt64, borrowing PartialResponse, Span<UInt8>) -> Bool)?
    /// Indices of handles whose answers became complete since they were last looked at.
    var answered: [Int] = []

    /// Asks whoever waits for the answer whether it is complete.
    func isComplete(_ handle: EasyHandle, _ piece: Span<UInt8>) -> Bool {
        let partial = PartialResponse(handle)
        let complete =
            if let waiter = handle.waiter { waiter.isComplete?(partial, piece) ?? false } else {
                inspector?(handle.tag, partial, piece) ?? false
            }
        if complete { answered.append(handle.index) }
        return complete
    }
}
