// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of a histogram.
///
/// Any thread may record. A snapshot's count is the sum of its buckets, and what it counts is in its sum, minimum and
/// maximum; a value that is being recorded at that very moment may be in these already and in a bucket the next time.
/// Nothing is lost or counted twice, in deltas neither.
@safe
public final class HistogramSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let filter: ExemplarFilter
    private let bounds: HistogramBounds
    private let totals = DistributionTotals()
    /// One cell per bucket, none where the buckets are exponential; the pointer never changes, and what it points to is
    /// atomic. Freed with the series.
    private nonisolated(unsafe) let buckets: UnsafeMutableBufferPointer<Atomic<UInt64>>
    /// One cell per bucket, none without exemplars; like `buckets`.
    private nonisolated(unsafe) let examples: UnsafeMutableBufferPointer<ExemplarCell>
    /// In place of `buckets` and `examples` where the buckets are exponential; like `buckets`.
    private nonisolated(unsafe) let exponential: UnsafeMutablePointer<ExponentialHistogramCells>?
    private let sample: ExemplarReservoir

    /// A series with explicit buckets.
    init(_ attributes: AttributeSet, bounds: HistogramBounds, filter: ExemplarFilter) {
        self.attributes = attributes
        self.bounds = bounds
        self.filter = filter
        unsafe exponential = nil
        sample = ExemplarReservoir(size: 0)
        unsafe buckets = .allocate(capacity: bounds.values.count + 1)
        for index in unsafe buckets.indices {
            unsafe buckets.initializeElement(at: index, to: Atomic(0))
        }
        unsafe examples = .allocate(capacity: filter == .alwaysOff ? 0 : buckets.count)
        for index in unsafe examples.indices {
            unsafe examples.initializeElement(at: index, to: ExemplarCell())
        }
    }

    /// A series with exponential buckets.
    init(_ attributes: AttributeSet, _ limits: ExponentialDistribution.Limits, filter: ExemplarFilter) {
        self.attributes = attributes
        self.filter = filter
        bounds = []
        let cells = UnsafeMutablePointer<ExponentialHistogramCells>.allocate(capacity: 1)
        unsafe cells.initialize(to: ExponentialHistogramCells(limits))
        unsafe exponential = cells
        // Metrics SDK, "Exemplar defaults": as many as there are buckets, at most twenty.
        sample = ExemplarReservoir(size: filter == .alwaysOff ? 0 : min(20, limits.size))
        unsafe buckets = .allocate(capacity: 0)
        unsafe examples = .allocate(capacity: 0)
    }

    deinit {
        unsafe buckets.deinitialize().deallocate()
        unsafe examples.deinitialize().deallocate()
        unsafe exponential?.deinitialize(count: 1)
        unsafe exponential?.deallocate()
    }

    /// Records a value; one that is not finite is ignored, because it would spoil the sum for good.
    public func record(_ value: Double) {
        guard value.isFinite else { return }
        totals.add(value)
        if let exponential = unsafe exponential {
            unsafe exponential.pointee.count(value)
        } else {
            count(in: bounds.bucket(of: value))
        }
    }

    /// Records a value like `record(_:)` and may keep the span as an exemplar of its bucket, if the meter's filter admits it.
    /// - Parameters:
    ///   - context: the span that the value was measured in.
    ///   - time: when that was, in nanoseconds since 1970: a reading of the clock that the caller has anyway, such as the
    ///     end of the span.
    public func record(_ value: Double, in context: SpanContext?, at time: UInt64) {
        guard value.isFinite else { return }
        guard let context, filter.admits(context) else { return record(value) }
        totals.add(value)
        if let exponential = unsafe exponential {
            unsafe exponential.pointee.count(value)
            sample.offer(value, at: time, in: context)
        } else {
            let bucket = bounds.bucket(of: value)
            count(in: bucket)
            unsafe examples[bucket].store(value, at: time, in: context)
        }
    }

    @inline(__always)
    private func count(in bucket: Int) {
        // Last and releasing: whoever sees the value counted sees it summed.
        unsafe buckets[bucket].wrappingAdd(1, ordering: .releasing)
    }

    /// Reads the distribution for a snapshot; nil when the buckets are exponential.
    func read(_ temporality: AggregationTemporality, _ interval: ClosedRange<UInt64>) -> HistogramPoint? {
        guard unsafe exponential == nil else { return nil }
        let isDelta = temporality == .delta
        var counts: [UInt64] = []
        counts.reserveCapacity(bounds.values.count + 1)
        for index in 0...bounds.values.count {
            unsafe counts.append(
                isDelta ? buckets[index].exchange(0, ordering: .acquiring) : buckets[index].load(ordering: .acquiring)
            )
        }
        var point = HistogramPoint(attributes: attributes, bounds: bounds, bucketCounts: counts, sum: 0, range: nil)
        guard point.count > 0 else { return point }
        (point.sum, point.range) = totals.read(temporality)
        // An exemplar of a bucket without values is for the next time, as is the value.
        for index in unsafe examples.indices where counts[index] > 0 {
            if let exemplar = unsafe examples[index].take() { point.exemplars.append(exemplar.clamped(to: interval)) }
        }
        return point
    }

    /// Reads the distribution for a snapshot; nil when the buckets are explicit.
    func readExponential(
        _ temporality: AggregationTemporality,
        _ interval: ClosedRange<UInt64>
    ) -> ExponentialHistogramPoint? {
        guard let exponential = unsafe exponential else { return nil }
        // Before the buckets: an exemplar is offered when its value is counted.
        let exemplars = sample.take()
        var point = unsafe exponential.pointee.read(temporality).point(attributes)
        guard point.count > 0 else { return point }
        (point.sum, point.range) = totals.read(temporality)
        point.exemplars = exemplars.map { $0.clamped(to: interval) }
        return point
    }
}
