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
    private let limit: Int
    private let callback: @Sendable (inout Observations) -> Void
    private let observed = Locked<[NumberPoint]>([])

    init(
        _ description: InstrumentDescription,
        kind: Kind,
        cardinalityLimit: Int,
        callback: @escaping @Sendable (inout Observations) -> Void
    ) {
        self.description = description
        self.kind = kind
        limit = cardinalityLimit
        self.callback = callback
    }

    /// Asks the callback; no lock is held meanwhile, so that it may use other instruments.
    func observe() {
        var observations = Observations(limit: limit, adds: kind != .gauge)
        callback(&observations)
        observed.withLock { $0 = observations.points }
    }

    var isDerived: Bool { false }

    func read() -> MetricData {
        let points = observed.withLock { $0 }
        return switch kind {
        case .counter: .sum(points, isMonotonic: true, .cumulative)
        case .upDownCounter: .sum(points, isMonotonic: false, .cumulative)
        case .gauge: .gauge(points)
        }
    }
}
