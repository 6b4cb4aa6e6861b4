// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The id of one JSON-RPC request, `ka-<16 hexadecimal digits>-<counter>`: a string, so that it never meets the id of a
/// call that the session's owner has in flight. Small, and rendered without allocation.
package struct RequestID: Sendable, Hashable {
    /// Random, the same for all requests of the process.
    package let prefix: UInt64
    /// Unique within the process.
    package let counter: UInt64

    package init(prefix: UInt64, counter: UInt64) {
        self.prefix = prefix
        self.counter = counter
    }

    /// Appends the id, without quotation marks; it needs no escaping.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "k"))
        bytes.append(UInt8(ascii: "a"))
        bytes.append(UInt8(ascii: "-"))
        for position in 0..<16 { bytes.append(hexadecimalDigit(position)) }
        bytes.append(UInt8(ascii: "-"))
        var divisor: UInt64 = 1
        while counter / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(counter / divisor % 10))
            divisor /= 10
        }
    }

    /// Whether `text` is this id.
    package func matches(_ text: Span<UInt8>) -> Bool {
        guard text.count > 20, text.matches("ka-"), text[19] == UInt8(ascii: "-") else { return false }
        for position in 0..<16 where text[3 + position] != hexadecimalDigit(position) { return false }
        var rest = counter
        var position = text.count
        repeat {
            position -= 1
            guard position > 19, text[position] == UInt8(ascii: "0") + UInt8(rest % 10) else { return false }
            rest /= 10
        } while rest > 0
        return position == 20
    }

    private func hexadecimalDigit(_ position: Int) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: prefix >> UInt64(60 - 4 * position)) & 0xF
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
    }
}

extension RequestID: CustomStringConvertible {
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
