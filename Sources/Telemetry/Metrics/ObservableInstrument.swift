// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// An instrument whose callback is asked at each collection.
final class ObservableInstrument: CollectableInstrument {
    /// What its values mean.
    enum Kind: Sendable {
        case counter
        case upDownCounter
        case gauge
    }

    let description: InstrumentDescription
    let kind: Kind
    private let temporality: AggregationTemporality
    private let limit: Locked<Int>
    private let callback: @Sendable (inout Observations) -> Void
    private let observed = Locked<[NumberPoint]>([])
    /// The totals at the last collection of a delta.
    private let reported = Locked<[AttributeSet: NumberValue]>([:])

    init(
        _ description: InstrumentDescription,
        kind: Kind,
        temporality: AggregationTemporality,
        cardinalityLimit: Int,
        callback: @escaping @Sendable (inout Observations) -> Void
    ) {
        self.description = description
        self.kind = kind
        self.temporality = temporality
        limit = Locked(cardinalityLimit)
        self.callback = callback
    }

    /// Asks the callback; no lock is held meanwhile, so that it may use other instruments.
    func observe() {
        var observations = Observations(limit: limit.withLock { $0 }, adds: kind != .gauge)
        callback(&observations)
        observed.withLock { $0 = observations.points }
    }

    var isDerived: Bool { false }

    /// Has nothing to do: what the callback does not tell is not exported.
    func removeSeries(where isGone: (AttributeSet) -> Bool) {}

    func raiseCardinalityLimit(to limit: Int) {
        self.limit.withLock { $0 = max($0, limit) }
    }

    func read(_ interval: ClosedRange<UInt64>) -> MetricData {
        let points = observed.withLock { $0 }
        return switch kind {
        case .counter where temporality == .delta: .sum(deltas(of: points), isMonotonic: true, .delta)
        case .counter: .sum(points, isMonotonic: true, .cumulative)
        case .upDownCounter: .sum(points, isMonotonic: false, .cumulative)
        case .gauge: .gauge(points)
        }
    }

    /// What the totals grew by since the last collection. One that shrank began again: all of it is new.
    private func deltas(of points: [NumberPoint]) -> [NumberPoint] {
        reported.withLock { reported in
            let last = reported
            reported = Dictionary(points.map { ($0.attributes, $0.value) }) { $1 }
            return points.map { point in
                var point = point
                if let before = last[point.attributes] {
                    let growth = point.value - before
                    if !growth.isNegative { point.value = growth }
                }
                return point
            }
        }
    }
}
