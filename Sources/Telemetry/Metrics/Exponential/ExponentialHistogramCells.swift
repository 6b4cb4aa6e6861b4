// SPDX-License-Identifier: Apache-2.0

internal import Locking
internal import Synchronization

/// What one series of an exponential histogram counted. Any thread may count, with one atomic operation.
///
/// Only when a value needs coarser buckets, at most thirty times in all or per delta, and when a delta is collected, the
/// counts move into a distribution under a lock; who counts at that moment waits for it.
struct ExponentialHistogramCells: ~Copyable, Sendable {
    /// What the cells stand for, in one word: bits 8 and up are the epoch, the lowest 8 bits the scale.
    private struct Stage {
        var epoch: UInt16
        var scale: Int

        init(epoch: UInt16, scale: Int) {
            self.epoch = epoch
            self.scale = scale
        }

        init(word: UInt32) {
            epoch = UInt16(truncatingIfNeeded: word &>> 8)
            scale = Int(Int8(truncatingIfNeeded: word))
        }

        var word: UInt32 {
            UInt32(epoch) &<< 8 | UInt32(UInt8(truncatingIfNeeded: scale))
        }
    }

    private let limits: ExponentialDistribution.Limits
    private let stage: Atomic<UInt32>
    private let zeroCount = Atomic<UInt64>(0)
    private let positive: BucketCells
    private let negative: BucketCells
    /// What was counted in earlier epochs. The holder of its lock is the only one who begins an epoch.
    private let distribution: Locked<ExponentialDistribution>

    init(_ limits: ExponentialDistribution.Limits) {
        self.limits = limits
        stage = Atomic(Stage(epoch: 0, scale: limits.scale).word)
        positive = BucketCells(size: limits.size)
        negative = BucketCells(size: limits.size)
        distribution = Locked(ExponentialDistribution(limits))
    }

    /// Counts a finite value.
    @inline(__always)
    borrowing func count(_ value: Double) {
        if value == 0 {
            zeroCount.wrappingAdd(1, ordering: .releasing)
        } else if !countIfFits(value) {
            countCoarser(value)
        }
    }

    /// - Returns: false when the value needs coarser buckets, or when an epoch ended meanwhile; nothing was counted.
    @inline(__always)
    private borrowing func countIfFits(_ value: Double) -> Bool {
        // Acquiring: who sees the epoch sees its windows and cells.
        let stage = Stage(word: stage.load(ordering: .acquiring))
        let index = ExponentialMapping(scale: stage.scale).index(of: value.magnitude)
        return value > 0
            ? positive.add(at: index, epoch: stage.epoch) : negative.add(at: index, epoch: stage.epoch)
    }

    @inline(never)
    private borrowing func countCoarser(_ value: Double) {
        distribution.withLock { distribution in
            // Another thread may have made room meanwhile; from here on nobody begins an epoch.
            if countIfFits(value) { return }
            let epoch = drain(into: &distribution)
            distribution.record(value)
            begin(epoch, with: distribution)
        }
    }

    /// Reads the buckets for a snapshot; after a delta they begin again, as fine as at first.
    borrowing func read(_ temporality: AggregationTemporality) -> ExponentialReading {
        distribution.withLock { distribution in
            guard temporality == .delta else {
                // Without ending the epoch: nobody waits for a cumulative reading.
                var total = distribution
                positive.forEach { total.positive.add($1, at: $0) }
                negative.forEach { total.negative.add($1, at: $0) }
                return ExponentialReading(zeroCount: zeroCount.load(ordering: .acquiring), distribution: total)
            }
            let epoch = drain(into: &distribution)
            let zeroCount = zeroCount.exchange(0, ordering: .acquiring)
            let reading = ExponentialReading(zeroCount: zeroCount, distribution: distribution)
            distribution = ExponentialDistribution(limits)
            begin(epoch, with: distribution)
            return reading
        }
    }

    /// Moves all counts into the distribution. From now on nobody counts, until `begin`.
    /// - Returns: the next epoch.
    private borrowing func drain(into distribution: inout ExponentialDistribution) -> UInt16 {
        let epoch = Stage(word: stage.load(ordering: .relaxed)).epoch &+ 1
        positive.drain(beginning: epoch) { distribution.positive.add($1, at: $0) }
        negative.drain(beginning: epoch) { distribution.negative.add($1, at: $0) }
        return epoch
    }

    private borrowing func begin(_ epoch: UInt16, with distribution: ExponentialDistribution) {
        positive.open(distribution.positive.range, epoch: epoch)
        negative.open(distribution.negative.range, epoch: epoch)
        stage.store(Stage(epoch: epoch, scale: distribution.mapping.scale).word, ordering: .releasing)
    }
}
