// SPDX-License-Identifier: Apache-2.0

/// Which slots of a ring are in use, in two levels of bits, so that the next one is found in a few steps.
struct SlotBitmap: Sendable {
    private var words: [UInt64]
    /// One bit for each of `words` that is not zero.
    private var summary: [UInt64]

    /// `slotCount` slots, a power of two and at least 64, none of them in use.
    init(slotCount: Int) {
        words = Array(repeating: 0, count: slotCount / 64)
        summary = Array(repeating: 0, count: (slotCount / 64 + 63) / 64)
    }

    mutating func insert(_ slot: Int) {
        words[slot >> 6] |= 1 << UInt64(slot & 63)
        summary[slot >> 12] |= 1 << UInt64((slot >> 6) & 63)
    }

    mutating func remove(_ slot: Int) {
        words[slot >> 6] &= ~(1 << UInt64(slot & 63))
        if words[slot >> 6] == 0 { summary[slot >> 12] &= ~(1 << UInt64((slot >> 6) & 63)) }
    }

    /// How many steps after `slot` the next slot in use is, round the ring: 1 to the number of slots, `slot` itself
    /// being the last one; nil when none is in use.
    func distance(after slot: Int) -> Int? {
        let slotCount = words.count * 64
        let start = (slot + 1) & (slotCount - 1)
        let found = first(from: start) ?? first(from: 0)
        return found.map { (($0 - start) & (slotCount - 1)) + 1 }
    }

    /// The first slot in use from `slot` to the end of the ring.
    private func first(from slot: Int) -> Int? {
        let wordIndex = slot >> 6
        let rest = words[wordIndex] & (~0 << UInt64(slot & 63))
        if rest != 0 { return wordIndex << 6 + rest.trailingZeroBitCount }
        var block = (wordIndex + 1) >> 6
        var mask: UInt64 = ~0 << UInt64((wordIndex + 1) & 63)
        while block < summary.count {
            let blocks = summary[block] & mask
            if blocks != 0 {
                let next = block << 6 + blocks.trailingZeroBitCount
                return next << 6 + words[next].trailingZeroBitCount
            }
            block += 1
            mask = ~0
        }
        return nil
    }
}
