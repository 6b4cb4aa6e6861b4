// SPDX-License-Identifier: Apache-2.0

/// The result that a response to our request carries.
package struct RPCResult: Sendable, Hashable {
    /// Where the result's JSON text stands in the message that holds it, see `AnswerReader.copyResult(in:)`.
    package var range: Range<Int>
    /// The result is a tool's and says `"isError": true`.
    package var isError: Bool
    /// The result says `"resultType": "input_required"` (MCP 2026-07-28): the call is not done.
    package var inputRequired: Bool

    package init(range: Range<Int> = 0..<0, isError: Bool = false, inputRequired: Bool = false) {
        self.range = range
        self.isError = isError
        self.inputRequired = inputRequired
    }
}
