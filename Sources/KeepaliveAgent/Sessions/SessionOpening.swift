// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
package import MCPWire

/// What became of opening a session.
package struct SessionOpening: Sendable {
    /// What the backend turned out to be.
    package enum Result: Sendable {
        /// A session is open. `identifier` is empty when the backend issues none and is configured to be stateful.
        case opened(identifier: [UInt8], advertisedTTL: Duration?)
        /// The backend issues no session id.
        case stateless
        /// The backend speaks only MCP 2026-07-28.
        case modern
        case failed(Outcome)
    }

    package let result: Result
    /// What the backend said of itself; nil when it did not come to that.
    package let answer: InitializeAnswer?
    /// The exchange that decided.
    package let exchange: Exchange

    /// The result as the engine is told of it.
    var openingResult: OpeningResult {
        switch result {
        case .opened(_, let advertisedTTL): .stateful(advertisedTTL: advertisedTTL)
        case .stateless: .stateless
        case .modern: .modern
        case .failed(let outcome): .failed(outcome)
        }
    }
}
