// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// Makes instruments and reads all of them at once.
///
/// Asking twice for one name (in any case) gives the same instrument; asking for it as another kind is a programming error.
public final class Meter: Sendable {
    /// What records.
    public let scope: InstrumentationScope
    /// When counting began, in nanoseconds since 1970: the start time of every series.
    public let startTime: UInt64
    /// The greatest number of series per instrument, the overflow series included.
    public let cardinalityLimit: Int
    /// How it aggregates.
    public let options: MeterOptions
    private let registration = RegistrationLock()
    private let instruments = Locked<[any CollectableInstrument]>([])
    /// Held during a collection; when the last one was.
    private let collection: Locked<UInt64>

    /// A meter without instruments.
    public init(
        scope: InstrumentationScope,
        startTime: UInt64,
        cardinalityLimit: Int = 2000,
        options: MeterOptions = MeterOptions()
    ) {
        self.scope = scope
        self.startTime = startTime
        self.cardinalityLimit = cardinalityLimit
        self.options = options
        collection = Locked(startTime)
    }

    /// Reads every series of every instrument at `time`, in nanoseconds since 1970. Callbacks are asked first.
    ///
    /// Exemplars and deltas are in one snapshot only: whoever collects them is to export them. The last collection, when the
    /// program ends, is like any other; it has everything that was recorded before it began.
    public func collect(at time: UInt64) -> MetricSnapshot {
        collection.withLock { last in
            // The wall clock may be set back; still no point may end before it starts.
            let time = max(time, startTime)
            let interval = min(last, time)...time
            last = time
            let instruments = instruments.withLock { $0 }
            for case let instrument as ObservableInstrument in instruments {
                instrument.observe()
            }
            let metrics = registration.withLock {
                var data = instruments.map { $0.isDerived ? nil : $0.read(interval) }
                for (index, instrument) in instruments.enumerated() where instrument.isDerived {
                    data[index] = instrument.read(interval)
                }
                return zip(instruments, data).compactMap { instrument, data -> MetricSnapshot.Metric? in
                    guard let data, data.pointCount > 0 else { return nil }
                    return MetricSnapshot.Metric(instrument.description, data)
                }
            }
            return MetricSnapshot(
                scope: scope,
                start: startTime,
                intervalStart: interval.lowerBound,
                time: time,
                metrics: metrics
            )
        }
    }

    /// Stops exporting all series whose attributes fulfill the condition, of every instrument: what they describe is gone. Who
    /// still holds one records into nothing; asked for anew, a series begins at zero.
    public func removeSeries(where isGone: (AttributeSet) -> Bool) {
        for instrument in instruments.withLock({ $0 }) { instrument.removeSeries(where: isGone) }
    }

    /// Lets an instrument have at least this many series, the overflow series included; nothing where there is no such one.
    public func raiseCardinalityLimit(of name: String, to limit: Int) {
        let name = name.lowercased()
        instruments.withLock { $0.first { $0.description.name.lowercased() == name } }?.raiseCardinalityLimit(to: limit)
    }

    /// The instrument of this name, made by `make` if there is none.
    func instrument<Made: CollectableInstrument>(
        _ description: InstrumentDescription,
        make: (RegistrationLock) -> Made
    ) -> Made {
        // Metrics API, "Instrument name syntax": names are compared without regard to case.
        let name = description.name.lowercased()
        return instruments.withLock { instruments in
            if let known = instruments.first(where: { $0.description.name.lowercased() == name }) {
                guard let same = known as? Made else {
                    preconditionFailure("The instrument \(description.name) exists already and is of another kind.")
                }
                return same
            }
            let made = make(registration)
            instruments.append(made)
            return made
        }
    }
}
