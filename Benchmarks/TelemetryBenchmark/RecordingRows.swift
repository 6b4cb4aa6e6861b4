// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// Records into series that were looked up before, on one thread.
enum RecordingRows {
    private static let latencyBounds: HistogramBounds = [
        10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000,
    ]

    static func measure(_ options: BenchmarkOptions) -> [ReportRow] {
        let meter = Meter(scope: SampleSpans.scope, startTime: 1)
        let counter = meter.counter("counter").series(for: ["backend": "search"])
        let upDown = meter.upDownCounter("up_down").series(for: ["backend": "search"])
        let explicit = meter.histogram("explicit", bounds: latencyBounds).series(for: ["backend": "search"])
        let exponential = meter.exponentialHistogram("exponential").series(for: ["backend": "search"])
        let context = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
        // From 0.5 to 5000, as latencies are; a power of two of them, so that choosing one costs next to nothing.
        var state: UInt64 = 1
        let values = (0..<1024).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let fraction = Double(state &>> 11) * 0x1p-53
            return 0.5 + fraction * fraction * fraction * 5000
        }
        let loop = nanoseconds(options) { consume(values[$0 & 1023]) }
        let add = nanoseconds(options) { _ in counter.add(1) }
        let change = nanoseconds(options) { upDown.add($0 & 1 == 0 ? 1 : -1) }
        let record = nanoseconds(options) { explicit.record(values[$0 & 1023]) }
        let recordInSpan = nanoseconds(options) { explicit.record(values[$0 & 1023], in: context, at: 2) }
        let recordExponential = nanoseconds(options) { exponential.record(values[$0 & 1023]) }
        return [
            ReportRow(title: "the loop alone (ns, in all rows below)", value: number(loop)),
            row("counter, add (ns)", add, atMost: 5),
            row("up-down counter, add (ns)", change, atMost: 5),
            row("histogram of 13 buckets, record (ns)", record, atMost: 20),
            ReportRow(title: "  in a sampled span, with an exemplar (ns)", value: number(recordInSpan)),
            row("exponential histogram, record (ns)", recordExponential, atMost: 20),
        ]
    }

    private static func nanoseconds(_ options: BenchmarkOptions, _ body: (Int) -> Void) -> Double {
        let count = 2_000_000
        return Stopwatch.nanoseconds(rounds: options.rounds, repetitions: 1) {
            for index in 0..<count { body(index) }
        } / Double(count)
    }

    /// Keeps the optimizer from leaving out what it is given.
    @inline(never)
    private static func consume(_ value: Double) {
        precondition(value >= 0)
    }
}
