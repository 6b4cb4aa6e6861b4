// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// A synchronous instrument: it hands out series, and into these one records.
///
/// Look a series up once and keep it; recording into it then costs an atomic operation.
public final class Instrument<Series: MetricSeries>: CollectableInstrument {
    /// Its name, unit and description.
    public let description: InstrumentDescription
    private let table: Locked<SeriesTable<Series>>
    private let registration: RegistrationLock
    private let make: @Sendable (AttributeSet) -> Series
    private let data: @Sendable ([Series], ClosedRange<UInt64>) -> MetricData

    init(
        _ description: InstrumentDescription,
        cardinalityLimit: Int,
        registration: RegistrationLock,
        make: @escaping @Sendable (AttributeSet) -> Series,
        data: @escaping @Sendable ([Series], ClosedRange<UInt64>) -> MetricData
    ) {
        self.description = description
        table = Locked(SeriesTable(limit: cardinalityLimit))
        self.registration = registration
        self.make = make
        self.data = data
    }

    /// The series with these attributes: the same for the same set, the overflow series beyond the cardinality limit. It is
    /// exported from now on, with zero until something is recorded.
    public func series(for attributes: AttributeSet = .empty) -> Series {
        registration.withLock { table.withLock { $0.series(for: attributes, make: make) } }
    }

    /// Stops exporting a series, for instance because what it describes is gone. Who still holds it records into nothing.
    public func removeSeries(for attributes: AttributeSet) {
        registration.withLock { table.withLock { $0.remove(attributes) } }
    }

    func removeSeries(where isGone: (AttributeSet) -> Bool) {
        registration.withLock { table.withLock { $0.remove(where: isGone) } }
    }

    func raiseCardinalityLimit(to limit: Int) {
        table.withLock { $0.raiseLimit(to: limit) }
    }

    var isDerived: Bool { false }

    func read(_ interval: ClosedRange<UInt64>) -> MetricData {
        let (series, starts) = table.withLock { ($0.read(at: interval.upperBound), $0.starts) }
        return data(series, interval).starting(at: starts)
    }
}

/// A number of events or a total that only grows.
public typealias Counter = Instrument<CounterSeries>
/// A total that grows and shrinks.
public typealias UpDownCounter = Instrument<UpDownCounterSeries>
/// A whole number that stands for itself.
public typealias Gauge = Instrument<GaugeSeries>
/// A floating-point number that stands for itself.
public typealias DoubleGauge = Instrument<DoubleGaugeSeries>
/// A distribution over buckets.
public typealias Histogram = Instrument<HistogramSeries>
