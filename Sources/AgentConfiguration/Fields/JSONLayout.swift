// SPDX-License-Identifier: Apache-2.0

/// JSON for people.
enum JSONLayout {
    /// Compact JSON text with a line per member and element, and two spaces for each level.
    static func indented(_ compact: [UInt8]) -> String {
        var bytes: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        func newLine() {
            bytes.append(0x0A)
            bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
        }
        for (index, byte) in compact.enumerated() {
            if isInString {
                bytes.append(byte)
                if byte == 0x22, !isEscaped { isInString = false }
                isEscaped = byte == 0x5C && !isEscaped
                continue
            }
            switch byte {
            case 0x22:
                isInString = true
                bytes.append(byte)
            case 0x7B, 0x5B:
                bytes.append(byte)
                depth += 1
                let isEmpty = index + 1 < compact.count && compact[index + 1] == byte + 2
                if !isEmpty { newLine() }
            case 0x7D, 0x5D:
                depth -= 1
                if index > 0, compact[index - 1] != byte - 2 { newLine() }
                bytes.append(byte)
            case 0x2C:
                bytes.append(byte)
                newLine()
            case 0x3A: bytes.append(contentsOf: [byte, 0x20])
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
