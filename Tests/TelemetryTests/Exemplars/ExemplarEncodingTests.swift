// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct ExemplarEncodingTests {
    @Test
    func `writes the time as a number with all digits, ids as hexadecimal digits, and an empty list of attributes`() {
        let meter = Meter(scope: Samples.scope, startTime: Samples.start)
        let series = meter.histogram("h", bounds: [10]).series(for: ["b": "a"])
        series.record(4, in: Samples.context, at: Samples.start + 7)
        series.record(12.5, in: Samples.context, at: Samples.start + 8)
        let ids = #""spanId":"b7ad6b7169203331","traceId":"0af7651916cd43dd8448eb211c80319c"}"#
        let expected =
            #"{"name":"h","histogram":{"dataPoints":[{"attributes":[{"key":"b","value":{"stringValue":"a"}}],"#
            + #""startTimeUnixNano":"1700000000000000000","timeUnixNano":"1700000000000000009","count":2,"sum":16.5,"#
            + #""bucketCounts":[1,1],"explicitBounds":[10.0],"min":4.0,"max":12.5,"exemplars":["#
            + #"{"filteredAttributes":[],"timeUnixNano":1700000000000000007,"asDouble":4.0,"# + ids
            + #",{"filteredAttributes":[],"timeUnixNano":1700000000000000008,"asDouble":12.5,"# + ids
            + #"]}],"aggregationTemporality":2}}"#
        #expect(Samples.body(meter.collect(at: Samples.start + 9)) == expected)
    }

    @Test func `a delta starts at the last collection, what is cumulative at the start of all`() {
        let meter = Meter(scope: Samples.scope, startTime: 1, options: MeterOptions(temporality: .delta))
        meter.counter("c").series().add(3)
        meter.upDownCounter("u").series().add(3)
        _ = meter.histogram("h", bounds: []).series()
        _ = meter.collect(at: 2)
        let expected =
            #"{"name":"c","sum":{"dataPoints":[{"startTimeUnixNano":"2","timeUnixNano":"3","asInt":0}],"#
            + #""aggregationTemporality":1,"isMonotonic":true}},"#
            + #"{"name":"u","sum":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"3","asInt":3}],"#
            + #""aggregationTemporality":2}},"#
            + #"{"name":"h","histogram":{"dataPoints":[{"startTimeUnixNano":"2","timeUnixNano":"3","count":0,"sum":0.0,"#
            + #""bucketCounts":[0]}],"aggregationTemporality":1}}"#
        #expect(Samples.body(meter.collect(at: 3)) == expected)
    }
}
