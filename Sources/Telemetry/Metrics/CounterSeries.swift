// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of a counter.
public final class CounterSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let total = Atomic<UInt64>(0)
    /// What the current snapshot says; derived counters add up these, never a second reading.
    private let reading = Atomic<UInt64>(0)
    /// The total at the last collection of a delta.
    private let reported = Atomic<UInt64>(0)

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// Adds to the total.
    public func add(_ increment: UInt64 = 1) {
        total.wrappingAdd(increment, ordering: .relaxed)
    }

    /// The total at this moment.
    public var value: UInt64 {
        total.load(ordering: .relaxed)
    }

    /// Reads the total, or what was added since the last reading, for a snapshot.
    func read(_ temporality: AggregationTemporality) -> UInt64 {
        var value = value
        if temporality == .delta { value &-= reported.exchange(value, ordering: .relaxed) }
        reading.store(value, ordering: .relaxed)
        return value
    }

    /// What the current snapshot shows.
    var lastReading: UInt64 {
        reading.load(ordering: .relaxed)
    }
}
