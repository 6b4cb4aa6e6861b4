// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
package import MCPWire
package import Transfer

/// One request of the control plane and everything that came of it.
package struct Exchange: Sendable {
    package let outcome: Outcome
    package let answer: Answer
    /// The HTTP status; 0 when none was received.
    package let status: Int
    /// The JSON text of the result; nil without one.
    package let result: [UInt8]?
    /// The session id that came with the answer; only `initialize` may take it over.
    package let sessionID: String?
    package let duration: Duration
    /// Why the transfer failed, when it did.
    package let error: TransferError?

    package var isSuccess: Bool { outcome.isSuccess }

    /// What went wrong in words that hold no secret; empty after a success.
    ///
    /// A server's own words are left out: they may repeat a session id.
    package var problem: String {
        guard let reason = outcome.reason else { return "" }
        if let error { return "\(reason.rawValue): \(error)" }
        switch answer {
        case .error(let error) where status >= 400: return "\(reason.rawValue): HTTP \(status), JSON-RPC \(error.code)"
        case .error(let error): return "\(reason.rawValue): JSON-RPC \(error.code)"
        case .unusable(let defect, _) where (200..<300).contains(status):
            return "\(reason.rawValue): HTTP \(status), the answer is unusable (\(defect.rawValue))"
        case .result: return "\(reason.rawValue): the tool answered that it failed"
        case .endedWithoutResponse: return "\(reason.rawValue): the event stream ended without a response"
        default: return "\(reason.rawValue): HTTP \(status)"
        }
    }
}
