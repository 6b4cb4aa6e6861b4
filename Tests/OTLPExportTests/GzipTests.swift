// SPDX-License-Identifier: Apache-2.0

import OTLPExport
import Testing

@Suite struct GzipTests {
    private func compress(_ input: [UInt8], level: Int = 1) throws -> [UInt8] {
        var gzip = try Gzip(level: level)
        var output: [UInt8] = []
        gzip.compress(input, into: &output)
        return output
    }

    @Test(arguments: [0, 1, 100, 32 * 1024, 1_000_003], [1, 6]) func `inflates what it compressed`(
        count: Int,
        level: Int
    ) throws {
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let compressed = try compress(input, level: level)
        #expect(compressed.starts(with: [0x1F, 0x8B, 0x08]))
        #expect(try Gzip.inflate(compressed, limit: count) == input)
    }

    @Test func `compresses one batch after the other, each for itself`() throws {
        var gzip = try Gzip()
        var output: [UInt8] = []
        for text in ["first first first", "second"] {
            gzip.compress(Array(text.utf8), into: &output)
            #expect(try Gzip.inflate(output, limit: 100) == Array(text.utf8))
        }
    }

    @Test func `inflates bytes that another program compressed`() throws {
        // python3 -c "import gzip; print(gzip.compress(b'hello', mtime=0).hex())"
        let bytes: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xFF, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x86,
            0xA6,
            0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
        ]
        #expect(try Gzip.inflate(bytes, limit: 5) == Array("hello".utf8))
    }

    @Test func `inflates several members in a row`() throws {
        let members = try compress([1, 2]) + compress([]) + compress([3])
        #expect(try Gzip.inflate(members, limit: 3) == [1, 2, 3])
    }

    @Test func `refuses bytes that are cut short, damaged or no gzip`() throws {
        let good = try compress(Array("some text that is long enough".utf8))
        for count in 0..<good.count {
            #expect(throws: GzipError.damaged) { try Gzip.inflate(Array(good.prefix(count)), limit: 1000) }
        }
        var wrongChecksum = good
        wrongChecksum[good.count - 5] ^= 1
        for bytes in [wrongChecksum, good + [0], Array("{}".utf8)] {
            #expect(throws: GzipError.damaged) { try Gzip.inflate(bytes, limit: 1000) }
        }
    }

    @Test func `stops at the limit, however small the bomb is`() throws {
        let bomb = try compress([UInt8](repeating: 0, count: 20 << 20), level: 9)
        #expect(bomb.count < 32 * 1024)
        #expect(throws: GzipError.limitExceeded) { try Gzip.inflate(bomb, limit: 1 << 20) }
    }
}
