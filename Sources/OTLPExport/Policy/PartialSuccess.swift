// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// What a collector said about a batch that it accepted in part, or accepted with a remark.
public struct PartialSuccess: Sendable, Hashable {
    /// How many spans, points or records it refused; they must not be sent again.
    public var rejected: Int
    /// Why, in the collector's words; may be empty.
    public var message: String

    /// A partial success.
    public init(rejected: Int, message: String) {
        self.rejected = rejected
        self.message = message
    }

    /// Reads the reply to a successful request; nil when it says nothing.
    ///
    /// Any 2xx is a success whatever its body is: empty, `{}`, `{"partialSuccess":null}` or not JSON at all.
    init?(reply: [UInt8], signal: Signal) {
        guard !reply.isEmpty, let node = try? JSONValue.parse(reply.span, maxValues: 1024),
            let partial = node["partialSuccess"]
        else { return nil }
        let count = partial[signal.rejectedKey]
        // 64-bit integers come as strings or as numbers (OTLP specification, "JSON Protobuf Encoding").
        let rejected = count?.string.flatMap { Int64($0) } ?? count?.number?.int64 ?? 0
        let message = partial["errorMessage"]?.string ?? ""
        guard rejected > 0 || !message.isEmpty else { return nil }
        self.init(rejected: Int(clamping: max(0, rejected)), message: String(message.prefix(200)))
    }
}
