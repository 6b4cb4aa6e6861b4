// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

extension Meter {
    func counter(_ metric: SelfMetric) -> Counter {
        counter(metric.name, unit: metric.unit, description: metric.description)
    }

    /// A histogram of one bucket, as the semantic conventions advise here.
    func histogram(_ metric: SelfMetric) -> Histogram {
        histogram(metric.name, unit: metric.unit, description: metric.description, bounds: [])
    }

    /// Asks for the values of a sum at each collection.
    func observe(_ metric: SelfMetric, _ body: @escaping @Sendable (inout Observations) -> Void) {
        switch metric.kind {
        case .counter:
            observableCounter(metric.name, unit: metric.unit, description: metric.description, observe: body)
        case .upDownCounter:
            observableUpDownCounter(metric.name, unit: metric.unit, description: metric.description, observe: body)
        case .histogram: preconditionFailure("\(metric.name) is a histogram: it is recorded, not observed")
        }
    }
}
