// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The counts of one side of an exponential histogram, for any number of threads at once and without a lock.
///
/// A cell is 16 bits of an epoch and 48 bits of a count. The epoch says what the cells stand for: who prepared to count
/// while they stood for the buckets of a finer scale, or for those of a delta that was collected, finds another epoch and
/// counts nothing. Counts move on to the distribution long before they reach 2^48, or after 3 years of 10 million a second.
@safe
struct BucketCells: ~Copyable, Sendable {
    private static let countMask: UInt64 = 1 &<< 48 - 1

    private let window = Atomic<UInt64>(BucketWindow(epoch: 0).word)
    /// A power of two of cells, at least as many as there may be buckets: bucket `index` has the cell `index & mask`.
    private nonisolated(unsafe) let cells: UnsafeMutableBufferPointer<Atomic<UInt64>>
    private let mask: Int
    private let size: Int

    /// Cells for at most `size` buckets, in epoch 0.
    init(size: Int) {
        precondition((2...Int(UInt16.max)).contains(size), "An exponential histogram has 2...65535 buckets: \(size)")
        self.size = size
        let capacity = 1 &<< (Int.bitWidth - (size - 1).leadingZeroBitCount)
        mask = capacity - 1
        unsafe cells = .allocate(capacity: capacity)
        for index in unsafe cells.indices { unsafe cells.initializeElement(at: index, to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize().deallocate()
    }

    /// Counts a value.
    /// - Returns: false when the bucket has no room or the epoch is another one; nothing was counted.
    @inline(__always)
    borrowing func add(at index: Int, epoch: UInt16) -> Bool {
        var word = window.load(ordering: .relaxed)
        while true {
            let old = BucketWindow(word: word)
            guard old.epoch == epoch else { return false }
            if old.indices.contains(index) { break }
            guard let new = old.including(index, size: size) else { return false }
            let (exchanged, original) = window.weakCompareExchange(
                expected: word,
                desired: new.word,
                ordering: .relaxed
            )
            if exchanged { break }
            word = original
        }
        // Within an epoch a window only grows, to at most as many buckets as there are cells: this cell is of this bucket.
        let position = index & mask
        var count = unsafe cells[position].load(ordering: .relaxed)
        while count &>> 48 == UInt64(epoch) {
            // Releasing: whoever sees the value counted sees it summed.
            let (exchanged, original) = unsafe cells[position]
                .weakCompareExchange(
                    expected: count,
                    desired: count &+ 1,
                    successOrdering: .releasing,
                    failureOrdering: .relaxed
                )
            if exchanged { return true }
            count = original
        }
        return false
    }

    /// Passes on every bucket that counted something. Nobody may begin another epoch meanwhile.
    borrowing func forEach(_ body: (_ index: Int, _ count: UInt64) -> Void) {
        for index in BucketWindow(word: window.load(ordering: .relaxed)).indices {
            let count = unsafe cells[index & mask].load(ordering: .acquiring) & Self.countMask
            if count > 0 { body(index, count) }
        }
    }

    /// Ends the epoch, passes on what every bucket counted in it, and begins the next one without a bucket. Nobody may
    /// begin another epoch meanwhile; who counts meanwhile is in time or too late.
    borrowing func drain(beginning epoch: UInt16, _ body: (_ index: Int, _ count: UInt64) -> Void) {
        let old = BucketWindow(word: window.exchange(BucketWindow(epoch: epoch).word, ordering: .relaxed))
        let empty = UInt64(epoch) &<< 48
        let indices = old.indices
        for index in indices {
            let count = unsafe cells[index & mask].exchange(empty, ordering: .acquiring) & Self.countMask
            if count > 0 { body(index, count) }
        }
        for index in indices.upperBound..<indices.lowerBound + mask + 1 {
            unsafe cells[index & mask].store(empty, ordering: .relaxed)
        }
    }

    /// Gives the epoch its first buckets: those that are counted elsewhere, but need room here.
    borrowing func open(_ range: ClosedRange<Int>?, epoch: UInt16) {
        window.store(BucketWindow(epoch: epoch, range).word, ordering: .relaxed)
    }
}
