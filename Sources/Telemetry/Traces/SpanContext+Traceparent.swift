// SPDX-License-Identifier: Apache-2.0

extension SpanContext {
    /// Appends the 55 bytes of the header `traceparent` (W3C Trace Context section 3.2), without allocating.
    public func appendTraceparent(to bytes: inout [UInt8]) {
        bytes.append(0x30)
        bytes.append(0x30)
        bytes.append(0x2D)
        Hexadecimal.append(traceID.high, to: &bytes)
        Hexadecimal.append(traceID.low, to: &bytes)
        bytes.append(0x2D)
        Hexadecimal.append(spanID.word, to: &bytes)
        bytes.append(0x2D)
        bytes.append(Hexadecimal.digit(flags.rawValue >> 4))
        bytes.append(Hexadecimal.digit(flags.rawValue & 0x0F))
    }

    /// The value of the header `traceparent`.
    public var traceparent: String {
        var bytes: [UInt8] = []
        appendTraceparent(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The context that a `traceparent` names; nil when it is malformed or of the forbidden version `ff`.
    public init?(traceparent: String) {
        let fields = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        // Later versions may append fields; version 00 has exactly four (section 3.2.4).
        guard fields.count >= 4, fields[0].utf8.count == 2, fields[0] != "ff", fields[0] != "00" || fields.count == 4,
            Hexadecimal.words(("00000000000000" + fields[0]).utf8, count: 1) != nil,
            let traceID = TraceID(hexadecimal: fields[1]), let spanID = SpanID(hexadecimal: fields[2]),
            fields[3].utf8.count == 2,
            let flags = Hexadecimal.words(("00000000000000" + fields[3]).utf8, count: 1)
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, flags: TraceFlags(rawValue: UInt8(flags[0])))
    }
}
