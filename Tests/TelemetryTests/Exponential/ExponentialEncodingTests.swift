// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct ExponentialEncodingTests {
    private func body(_ record: (HistogramSeries) -> Void) -> String {
        let meter = Meter(scope: Samples.scope, startTime: 1)
        record(meter.exponentialHistogram("h", unit: "s").series())
        return Samples.body(meter.collect(at: 2))
    }

    @Test func `writes a histogram without values: no buckets, no minimum, no maximum`() {
        let expected =
            #"{"name":"h","unit":"s","exponentialHistogram":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","#
            + #""count":0,"sum":0.0,"scale":20,"zeroCount":0}],"aggregationTemporality":2}}"#
        #expect(body { _ in } == expected)
    }

    @Test func `writes buckets on both sides of zero, and exemplars`() {
        let body = body { series in
            for value in [0, 4, 4, -1, 8.0] { series.record(value) }
            series.record(2, in: Samples.context, at: 2)
        }
        let zeros = String(repeating: "0,", count: 63)
        let expected =
            #""count":6,"sum":17.0,"scale":6,"zeroCount":1,"positive":{"offset":63,"bucketCounts":[1,\#(zeros)2,\#(zeros)1]},"#
            + #""negative":{"offset":-1,"bucketCounts":[1]},"min":-1.0,"max":8.0,"exemplars":[{"filteredAttributes":[],"#
            + #""timeUnixNano":2,"asDouble":2.0,"spanId":"b7ad6b7169203331","#
            + #""traceId":"0af7651916cd43dd8448eb211c80319c"}]}],"aggregationTemporality":2}}"#
        #expect(body.hasSuffix(expected), "\(body)")
    }

    @Test func `writes large counts as strings, and no sum beyond all numbers`() {
        let point = ExponentialHistogramPoint(
            attributes: ["k": "v"],
            scale: -10,
            zeroCount: 9_007_199_254_740_993,
            positive: ExponentialBuckets(offset: -1, counts: [9_007_199_254_740_992, 1]),
            negative: ExponentialBuckets(),
            sum: .infinity,
            range: 0...1
        )
        let metric = MetricSnapshot.Metric(InstrumentDescription(name: "h"), .exponentialHistogram([point], .delta))
        let snapshot = MetricSnapshot(scope: Samples.scope, start: 1, intervalStart: 2, time: 3, metrics: [metric])
        let expected =
            #"{"name":"h","exponentialHistogram":{"dataPoints":[{"attributes":[{"key":"k","value":{"stringValue":"v"}}],"#
            + #""startTimeUnixNano":"2","timeUnixNano":"3","count":"18014398509481986","scale":-10,"#
            + #""zeroCount":"9007199254740993","positive":{"offset":-1,"bucketCounts":[9007199254740992,1]},"#
            + #""min":0.0,"max":1.0}],"aggregationTemporality":1}}"#
        #expect(Samples.body(snapshot) == expected)
    }
}
