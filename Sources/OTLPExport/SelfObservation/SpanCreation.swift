// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// The series of `otel.sdk.span.started`.
struct SpanCreation: Sendable {
    /// By parent origin, then by sampling result, in the order of the closed sets.
    private let series: [[CounterSeries]]

    init(_ counter: Counter) {
        series = SelfMetric.parentOrigins.map { origin in
            SelfMetric.samplingResults.map { result in
                counter.series(
                    for: [
                        "otel.span.parent.origin": .string(origin), "otel.span.sampling_result": .string(result),
                    ]
                )
            }
        }
    }

    /// Counts a span; one that is not sampled never gets further.
    func count(_ span: Telemetry.Span) {
        let origin = span.parent == nil ? 0 : span.parentIsRemote ? 2 : 1
        series[origin][span.context.flags.contains(.sampled) ? 2 : 0].add()
    }
}
