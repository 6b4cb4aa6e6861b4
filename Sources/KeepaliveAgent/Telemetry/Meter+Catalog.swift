// SPDX-License-Identifier: Apache-2.0

import Telemetry

extension Meter {
    /// A histogram of the catalogue.
    func histogram(_ definition: MetricDefinition) -> Histogram {
        guard case .histogram(let bounds) = definition.kind else {
            preconditionFailure("\(definition.name) is no histogram in the catalogue")
        }
        return histogram(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            bounds: HistogramBounds(bounds)
        )
    }

    /// Asks for the values of a metric of the catalogue at each collection.
    func observe(_ definition: MetricDefinition, _ body: @escaping @Sendable (inout Observations) -> Void) {
        let (name, unit, description) = (definition.name, definition.unit, definition.description)
        switch definition.kind {
        case .counter: observableCounter(name, unit: unit, description: description, observe: body)
        case .upDownCounter: observableUpDownCounter(name, unit: unit, description: description, observe: body)
        case .gauge: observableGauge(name, unit: unit, description: description, observe: body)
        case .histogram: preconditionFailure("\(name) is a histogram: it is recorded, not observed")
        }
    }
}
