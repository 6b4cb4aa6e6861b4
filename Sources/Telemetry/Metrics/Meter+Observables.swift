// SPDX-License-Identifier: Apache-2.0

extension Meter {
    /// A counter whose callback tells the totals at each collection; they must not decrease.
    public func observableCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil,
        observe: @escaping @Sendable (inout Observations) -> Void
    ) {
        observable(.counter, name, unit, description, cardinalityLimit, observe)
    }

    /// An up-down counter whose callback tells the totals at each collection.
    public func observableUpDownCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil,
        observe: @escaping @Sendable (inout Observations) -> Void
    ) {
        observable(.upDownCounter, name, unit, description, cardinalityLimit, observe)
    }

    /// A gauge whose callback tells the values at each collection.
    public func observableGauge(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil,
        observe: @escaping @Sendable (inout Observations) -> Void
    ) {
        observable(.gauge, name, unit, description, cardinalityLimit, observe)
    }

    private func observable(
        _ kind: ObservableInstrument.Kind,
        _ name: String,
        _ unit: String,
        _ description: String,
        _ limit: Int?,
        _ callback: @escaping @Sendable (inout Observations) -> Void
    ) {
        let description = InstrumentDescription(name: name, unit: unit, description: description)
        _ = instrument(description) { _ in
            ObservableInstrument(
                description,
                kind: kind,
                temporality: kind == .counter ? options.temporality.observed : .cumulative,
                cardinalityLimit: limit ?? cardinalityLimit,
                callback: callback
            )
        }
    }
}
