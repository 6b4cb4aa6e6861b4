// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// The text of a `google.rpc.Status`, the body of a failed request's reply.
enum StatusMessage {
    /// The message, shortened to one line of 200 characters; empty when the body has none.
    static func parse(_ body: [UInt8]) -> String {
        guard !body.isEmpty, let node = try? JSONValue.parse(body.span, maxValues: 1024) else { return "" }
        let text = node["message"]?.string ?? ""
        return String(text.prefix(200).map { $0.isNewline ? " " : $0 })
    }
}
