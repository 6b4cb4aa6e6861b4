// SPDX-License-Identifier: Apache-2.0

/// Neighboring buckets of an exponential histogram with their counts.
public struct ExponentialBuckets: Sendable, Hashable {
    /// The index of the first bucket; it may be negative. 0 when there is none.
    public private(set) var offset = 0
    /// The count of each bucket; the first and the last are not 0.
    public private(set) var counts: [UInt64] = []

    /// No buckets.
    public init() {}

    /// Buckets with these counts, the first and the last not 0.
    public init(offset: Int, counts: [UInt64]) {
        self.offset = offset
        self.counts = counts
    }

    /// How many values are counted.
    public var count: UInt64 {
        counts.reduce(0, &+)
    }

    /// The range of buckets once `index` is among them.
    func range(with index: Int) -> ClosedRange<Int> {
        counts.isEmpty ? index...index : min(offset, index)...max(offset + counts.count - 1, index)
    }

    /// The range of buckets; nil when there is none.
    var range: ClosedRange<Int>? {
        counts.isEmpty ? nil : offset...offset + counts.count - 1
    }

    /// Counts so many values, at least one.
    mutating func add(_ count: UInt64, at index: Int) {
        if counts.isEmpty { offset = index }
        if index < offset {
            counts.insert(contentsOf: repeatElement(0, count: offset - index), at: 0)
            offset = index
        } else if index >= offset + counts.count {
            counts.append(contentsOf: repeatElement(0, count: index - offset - counts.count + 1))
        }
        counts[index - offset] &+= count
    }

    /// Joins 2^change buckets each into one.
    mutating func downscale(by change: Int) {
        guard let last = counts.indices.last else { return }
        let first = offset &>> change
        for position in counts.indices {
            let count = counts[position]
            counts[position] = 0
            counts[((offset + position) &>> change) - first] &+= count
        }
        counts.removeLast(last - (((offset + last) &>> change) - first))
        offset = first
    }
}
