// SPDX-License-Identifier: Apache-2.0

/// Turns byte offsets into lines and columns; quick when the offsets ascend, correct when they do not.
struct TextLocator {
    private let bytes: [UInt8]
    private var offset = 0
    private var position = SourcePosition.start

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The position of the byte at `target`; past the end it is the end.
    mutating func position(of target: Int) -> SourcePosition {
        if target < offset {
            offset = 0
            position = .start
        }
        let end = min(target, bytes.count)
        while offset < end {
            let byte = bytes[offset]
            if byte == 0x0A {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                // A continuation byte belongs to the scalar before it.
                position.column += 1
            }
            offset += 1
        }
        return position
    }
}
