// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// A counter whose series are sums of other counters' series, so that the equation holds in every snapshot.
///
/// Each source is read once per snapshot; its own point and the sum use that same reading.
public final class DerivedCounter: CollectableInstrument {
    /// Its name, unit and description.
    public let description: InstrumentDescription
    private let table: Locked<SeriesTable<DerivedCounterSeries>>
    private let temporality: AggregationTemporality
    private let registration: RegistrationLock

    init(
        _ description: InstrumentDescription,
        cardinalityLimit: Int,
        temporality: AggregationTemporality,
        registration: RegistrationLock
    ) {
        self.description = description
        self.temporality = temporality
        table = Locked(SeriesTable(limit: cardinalityLimit))
        self.registration = registration
    }

    /// Exports, from now on, the sum of these series of the same meter; called again for the same set, more sources.
    ///
    /// A source that is itself an overflow series stands for many, so it counts once, in the overflow series of this
    /// counter: totals stay exact beyond the cardinality limit.
    public func addSeries(for attributes: AttributeSet, sumOf sources: [CounterSeries]) {
        registration.withLock {
            table.withLock { table in
                let overflowing = sources.filter { $0.attributes == .overflow }
                table.series(for: attributes, make: DerivedCounterSeries.init)
                    .add(sources.filter { $0.attributes != .overflow })
                if !overflowing.isEmpty {
                    table.series(for: .overflow, make: DerivedCounterSeries.init).add(overflowing)
                }
            }
        }
    }

    /// Stops exporting a series.
    public func removeSeries(for attributes: AttributeSet) {
        registration.withLock { table.withLock { $0.remove(attributes) } }
    }

    func removeSeries(where isGone: (AttributeSet) -> Bool) {
        registration.withLock { table.withLock { $0.remove(where: isGone) } }
    }

    func raiseCardinalityLimit(to limit: Int) {
        table.withLock { $0.raiseLimit(to: limit) }
    }

    var isDerived: Bool { true }

    func read(_ interval: ClosedRange<UInt64>) -> MetricData {
        let (series, starts) = table.withLock { ($0.read(at: interval.upperBound), $0.starts) }
        let points = series.map { series in
            NumberPoint(attributes: series.attributes, value: .int(Int64(clamping: series.sumOfReadings)))
        }
        return MetricData.sum(points, isMonotonic: true, temporality).starting(at: starts)
    }
}
