// SPDX-License-Identifier: Apache-2.0

public import Telemetry

/// What swift-metrics does not say about its metrics. Labels are those that the instrumented code uses.
public struct MetricsBridgeOptions: Sendable {
    /// The buckets of recorders; the default is the specification's ("Explicit Bucket Histogram Aggregation").
    public var recorderBounds: HistogramBounds = [
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
    ]
    /// The buckets of timers in seconds; the default is what the semantic conventions advise for durations.
    public var timerBounds: HistogramBounds = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
    /// The buckets of single recorders and timers, by label.
    public var bounds: [String: HistogramBounds] = [:]
    /// Units in UCUM, by label; timers have seconds whatever this says.
    public var units: [String: String] = [:]
    /// Sentences for people, by label.
    public var descriptions: [String: String] = [:]
    /// Told, once per label and kind, of metrics that cannot be exported.
    public var onProblem: @Sendable (String) -> Void = { StandardErrorLine.write($0) }

    /// The defaults.
    public init() {}
}
