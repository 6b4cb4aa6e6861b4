// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// Observes counts by `error.type`, those of the common errors also when they are 0.
struct ErrorSeries: Sendable {
    private let component: AttributeSet
    private let common: [(errorType: String, attributes: AttributeSet)]

    init(_ component: AttributeSet, _ errorTypes: [String]) {
        self.component = component
        common = errorTypes.map { ($0, component.adding([Attribute("error.type", .string($0))])) }
    }

    func observe(_ counts: [String: UInt64], in observations: inout Observations) {
        for (errorType, attributes) in common {
            observations.observe(Int64(clamping: counts[errorType] ?? 0), for: attributes)
        }
        for (errorType, count) in counts where !common.contains(where: { $0.errorType == errorType }) {
            let attributes = component.adding([Attribute("error.type", .string(errorType))])
            observations.observe(Int64(clamping: count), for: attributes)
        }
    }
}
