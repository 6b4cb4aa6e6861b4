// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct MetricEncodingTests {
    private let meter = Meter(scope: Samples.scope, startTime: 1)

    private var body: String { Samples.body(meter.collect(at: 2)) }

    @Test func `writes a counter of zero with its value`() {
        _ = meter.counter("c", unit: "{x}", description: "D").series(for: ["b": "a"])
        let expected =
            #"{"name":"c","description":"D","unit":"{x}","sum":{"dataPoints":[{"attributes":[{"key":"b","value":"#
            + #"{"stringValue":"a"}}],"startTimeUnixNano":"1","timeUnixNano":"2","asInt":0}],"#
            + #""aggregationTemporality":2,"isMonotonic":true}}"#
        #expect(body == expected)
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (9_007_199_254_740_991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992"),
        (9_007_199_254_740_993, #""9007199254740993""#), (UInt64.max, #""9223372036854775807""#),
    ]) func `writes a number up to 2^53 and a string above`(value: UInt64, expected: String) {
        meter.counter("c").series().add(value)
        #expect(body.contains(#""asInt":\#(expected)}"#))
    }

    @Test func `writes an up-down counter that is not monotonic`() {
        meter.upDownCounter("u").series().add(-9_007_199_254_740_993)
        let expected =
            #"{"name":"u","sum":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","#
            + #""asInt":"-9007199254740993"}],"aggregationTemporality":2}}"#
        #expect(body == expected)
    }

    @Test func `writes gauges without a start, and what is not a number as a string`() {
        _ = meter.gauge("g").series()
        meter.doubleGauge("d").series().set(.nan)
        let expected =
            #"{"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"2","asInt":0}]}},"#
            + #"{"name":"d","gauge":{"dataPoints":[{"timeUnixNano":"2","asDouble":"NaN"}]}}"#
        #expect(body == expected)
    }

    @Test func `writes a histogram without values: zeros, no minimum, no maximum`() {
        _ = meter.histogram("h", unit: "ms", bounds: [10, 20.5]).series()
        let expected =
            #"{"name":"h","unit":"ms","histogram":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","count":0,"#
            + #""sum":0.0,"bucketCounts":[0,0,0],"explicitBounds":[10.0,20.5]}],"aggregationTemporality":2}}"#
        #expect(body == expected)
    }

    @Test func `writes a histogram with values`() {
        let series = meter.histogram("h", bounds: [10, 20]).series()
        for value in [0, 10, 10.5, 1e6] { series.record(value) }
        let point =
            #""count":4,"sum":1000020.5,"bucketCounts":[2,1,1],"explicitBounds":[10.0,20.0],"min":0.0,"max":1000000.0}"#
        #expect(body.contains(point))
    }

    @Test func `writes a histogram without bounds as one bucket`() {
        meter.histogram("h", bounds: []).series().record(3)
        #expect(body.contains(#""count":1,"sum":3.0,"bucketCounts":[1],"min":3.0,"max":3.0}"#))
    }

    @Test func `writes large counts of buckets as strings`() {
        let counts: [UInt64] = [9_007_199_254_740_992, 1]
        let point = HistogramPoint(attributes: .empty, bounds: [1], bucketCounts: counts, sum: 1, range: 1...1)
        let metric = MetricSnapshot.Metric(InstrumentDescription(name: "h"), .histogram([point], .delta))
        let text = Samples.body(MetricSnapshot(scope: Samples.scope, start: 1, time: 2, metrics: [metric]))
        #expect(text.contains(#""count":"9007199254740993","sum":1.0,"bucketCounts":[9007199254740992,1]"#))
        #expect(text.hasSuffix(#""aggregationTemporality":1}}"#))
    }

    @Test func `leaves out totals that are not finite, and instruments without series`() {
        _ = meter.counter("nothing")
        meter.observableCounter("broken") { $0.observe(double: .infinity) }
        meter.observableCounter("sound") { $0.observe(double: 0.5) }
        let expected =
            #"{"name":"sound","sum":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","asDouble":0.5}],"#
            + #""aggregationTemporality":2,"isMonotonic":true}}"#
        #expect(body == expected)
    }

    @Test func `never writes an empty envelope`() {
        #expect(OTLPJSON.encode(metrics: meter.collect(at: 2), resource: Samples.resource).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4, 7, 8, 100])
    func `splits a snapshot into parts that lose and repeat nothing`(maximum: Int) {
        for (name, count) in [("a", 3), ("b", 1), ("c", 4)] {
            let gauge = meter.gauge(name)
            for index in 0..<count { gauge.series(for: ["i": .int(Int64(index))]).set(Int64(index)) }
        }
        let whole = meter.collect(at: 2)
        let parts = whole.split(maximumPoints: maximum)
        #expect(parts.count == (8 + maximum - 1) / maximum)
        #expect(parts.allSatisfy { $0.pointCount <= maximum && $0.start == 1 && $0.time == 2 })
        func points(_ snapshot: MetricSnapshot) -> [String] {
            snapshot.metrics.flatMap { metric -> [String] in
                guard case .gauge(let points) = metric.data else { return [] }
                return points.map { "\(metric.description.name) \($0.attributes.attributes) \($0.value)" }
            }
        }
        #expect(parts.flatMap(points) == points(whole))
        #expect(points(whole).count == 8)
    }
}
