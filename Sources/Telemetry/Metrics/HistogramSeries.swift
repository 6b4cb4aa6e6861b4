// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of a histogram.
///
/// Any thread may record. A snapshot's count is the sum of its buckets, and what it counts is in its sum, minimum and
/// maximum; a value that is being recorded at that very moment may be in these already and in a bucket the next time.
@safe
public final class HistogramSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let bounds: HistogramBounds
    /// One cell per bucket; the pointer never changes, and what it points to is atomic. Freed with the series.
    private nonisolated(unsafe) let buckets: UnsafeMutableBufferPointer<Atomic<UInt64>>
    private let sum = Atomic<UInt64>(0)
    private let minimum = Atomic<UInt64>(Double.infinity.bitPattern)
    private let maximum = Atomic<UInt64>((-Double.infinity).bitPattern)

    init(_ attributes: AttributeSet, bounds: HistogramBounds) {
        self.attributes = attributes
        self.bounds = bounds
        unsafe buckets = .allocate(capacity: bounds.values.count + 1)
        for index in unsafe buckets.indices {
            unsafe buckets.initializeElement(at: index, to: Atomic(0))
        }
    }

    deinit {
        unsafe buckets.deinitialize().deallocate()
    }

    /// Records a value; one that is not finite is ignored, because it would spoil the sum for good.
    public func record(_ value: Double) {
        guard value.isFinite else { return }
        update(sum) { $0 + value }
        update(minimum) { Swift.min($0, value) }
        update(maximum) { Swift.max($0, value) }
        // Last and releasing: whoever sees the value counted sees it summed.
        unsafe buckets[bounds.bucket(of: value)].wrappingAdd(1, ordering: .releasing)
    }

    /// Reads the distribution for a snapshot.
    func read() -> HistogramPoint {
        var counts: [UInt64] = []
        counts.reserveCapacity(bounds.values.count + 1)
        for index in 0...bounds.values.count {
            unsafe counts.append(buckets[index].load(ordering: .acquiring))
        }
        let isEmpty = counts.allSatisfy { $0 == 0 }
        let lowest = Double(bitPattern: minimum.load(ordering: .relaxed))
        let highest = Double(bitPattern: maximum.load(ordering: .relaxed))
        return HistogramPoint(
            attributes: attributes,
            bounds: bounds,
            bucketCounts: counts,
            sum: isEmpty ? 0 : Double(bitPattern: sum.load(ordering: .relaxed)),
            range: isEmpty || lowest > highest ? nil : lowest...highest
        )
    }

    @inline(__always)
    private func update(_ cell: borrowing Atomic<UInt64>, _ change: (Double) -> Double) {
        var old = cell.load(ordering: .relaxed)
        while true {
            let new = change(Double(bitPattern: old)).bitPattern
            if new == old { return }
            let (exchanged, original) = cell.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
