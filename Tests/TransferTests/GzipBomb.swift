// SPDX-License-Identifier: Apache-2.0

/// A gzip file that inflates to very many zeros: RFC 1952 around one RFC 1951 block with fixed codes.
enum GzipBomb {
    /// About 160 times smaller than what it inflates to; without a checksum, which nobody gets to read.
    static func zeros(count: Int) -> [UInt8] {
        // Magic number, deflate, no flags, no time, no extra flags, unknown operating system.
        var bits = BitWriter(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
        bits.append(1, count: 1)  // the last block
        bits.append(0b01, count: 2)  // fixed codes
        bits.append(0b0000_1100, count: 8)  // the literal 0, code 00110000
        for _ in 0..<(count / 258) {
            bits.append(0b1010_0011, count: 8)  // length 258, code 11000101
            bits.append(0, count: 5)  // distance 1
        }
        bits.append(0, count: 7)  // the end of the block
        return bits.finish()
    }
}

/// Packs bits into bytes, low bits first.
private struct BitWriter {
    var bytes: [UInt8]
    private var pending: UInt32 = 0
    private var pendingCount: UInt32 = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func append(_ value: UInt32, count: UInt32) {
        pending |= value << pendingCount
        pendingCount += count
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }

    consuming func finish() -> [UInt8] {
        bytes + [UInt8(truncatingIfNeeded: pending)]
    }
}
