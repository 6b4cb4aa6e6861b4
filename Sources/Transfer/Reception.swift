// SPDX-License-Identifier: Apache-2.0

/// The body of a response on its way in.
final class Reception {
    /// Why no more of it was taken.
    enum Refusal {
        case none
        case limitExceeded
        /// It came compressed although nobody asked.
        case unwantedEncoding
    }

    /// What has arrived of the body, at most the limit.
    private(set) var body: [UInt8] = []
    private(set) var refusal = Refusal.none
    /// The inspector said that the answer is complete; what comes after it is dropped.
    private(set) var isAnswered = false
    /// The errno of a socket that could not be made.
    var socketError: Int32 = 0
    let inspection: Inspection

    private let refusesEncodings: Bool
    private var limit = 0
    private var inspects = false
    private var keepsBody = true
    private var hasStarted = false
    private var dropped = 0

    /// What is kept from one transfer to the next; larger bodies are rare.
    private static let keptCapacity = 64 * 1024
    /// How much may follow a complete answer before the connection is not worth it.
    private static let dropLimit = 64 * 1024

    init(inspection: Inspection, refusesEncodings: Bool) {
        self.inspection = inspection
        self.refusesEncodings = refusesEncodings
    }

    func reset(for head: RequestHead) {
        limit = head.bodyLimit
        inspects = head.inspects
        keepsBody = head.keepsBody
        body.removeAll(keepingCapacity: body.capacity <= Self.keptCapacity)
        refusal = .none
        isAnswered = false
        socketError = 0
        hasStarted = false
        dropped = 0
    }

    /// Takes the next piece; false refuses it and ends the transfer.
    func receive(_ piece: UnsafeBufferPointer<UInt8>, for handle: EasyHandle) -> Bool {
        if isAnswered {
            dropped += piece.count
            return dropped <= Self.dropLimit
        }
        if !hasStarted {
            hasStarted = true
            if refusesEncodings, handle.hasContentEncoding {
                refusal = .unwantedEncoding
                return false
            }
        }
        if keepsBody {
            let room = limit - body.count
            if piece.count > room {
                unsafe body.append(contentsOf: piece.prefix(room))
                refusal = .limitExceeded
                return false
            }
            unsafe body.append(contentsOf: piece)
        }
        if inspects { isAnswered = unsafe inspection.isComplete(handle, piece.span) }
        return true
    }
}
