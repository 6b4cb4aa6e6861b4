// SPDX-License-Identifier: Apache-2.0

/// The neighboring buckets that one side of an exponential histogram has, in one word that changes at once.
struct BucketWindow: Equatable {
    /// Which allotment of the cells it belongs to.
    var epoch: UInt16
    /// How many buckets there are.
    private(set) var width: UInt16
    /// The index of the first; at scale 20 the largest index needs 31 bits.
    private(set) var first: Int32

    /// A window on these buckets, or on none.
    init(epoch: UInt16, _ range: ClosedRange<Int>? = nil) {
        self.epoch = epoch
        width = UInt16(range?.count ?? 0)
        first = Int32(range?.lowerBound ?? 0)
    }

    /// The window that `word` is.
    init(word: UInt64) {
        epoch = UInt16(truncatingIfNeeded: word &>> 48)
        width = UInt16(truncatingIfNeeded: word &>> 32)
        first = Int32(truncatingIfNeeded: word)
    }

    /// The window in one word.
    var word: UInt64 {
        UInt64(epoch) &<< 48 | UInt64(width) &<< 32 | UInt64(UInt32(bitPattern: first))
    }

    /// The indices of its buckets.
    var indices: Range<Int> {
        Int(first)..<Int(first) + Int(width)
    }

    /// The smallest window on its buckets and this one; nil when these are more than `size`.
    func including(_ index: Int, size: Int) -> BucketWindow? {
        if width == 0 { return BucketWindow(epoch: epoch, index...index) }
        let range = min(Int(first), index)...max(Int(first) + Int(width) - 1, index)
        return range.upperBound - range.lowerBound < size ? BucketWindow(epoch: epoch, range) : nil
    }
}
