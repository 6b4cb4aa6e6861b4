// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// One series of a derived counter.
final class DerivedCounterSeries: MetricSeries {
    let attributes: AttributeSet
    private let sources = Locked<[CounterSeries]>([])

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// Adds sources that it does not have yet.
    func add(_ series: [CounterSeries]) {
        sources.withLock { sources in
            for new in series where !sources.contains(where: { $0 === new }) {
                sources.append(new)
            }
        }
    }

    /// The sum of what the sources' own points say in the current snapshot.
    var sumOfReadings: UInt64 {
        sources.withLock { $0.reduce(0) { $0 &+ $1.lastReading } }
    }
}
