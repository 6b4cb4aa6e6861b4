// SPDX-License-Identifier: Apache-2.0

/// Which recorded values are kept as exemplars; the raw values are those of `OTEL_METRICS_EXEMPLAR_FILTER`.
public enum ExemplarFilter: String, Sendable, Hashable, CaseIterable {
    /// Those recorded in a span that is sampled.
    case traceBased = "trace_based"
    /// Those recorded in any span. A value recorded in none is not kept: receivers drop metrics whose exemplars lack ids.
    case alwaysOn = "always_on"
    /// None.
    case alwaysOff = "always_off"

    /// Whether a value that was recorded in this span is kept.
    func admits(_ context: SpanContext) -> Bool {
        switch self {
        case .traceBased: context.flags.contains(.sampled)
        case .alwaysOn: true
        case .alwaysOff: false
        }
    }
}
