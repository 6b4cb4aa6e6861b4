// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ScriptedBackend

@Suite(.timeLimit(.minutes(1)))
struct RecordingCollectorTests {
    private struct NotGzip: Error {}

    /// Stands in for gzip: the test's "compressed" form is the bytes reversed.
    private func reversing() -> RecordingCollector {
        RecordingCollector { bytes in
            guard !bytes.isEmpty else { throw NotGzip() }
            return bytes.reversed()
        }
    }

    private static let json = ["content-type": "application/json"]

    private func metrics(_ data: String) -> [UInt8] {
        Array(#"{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[\#(data)]}]}]}"#.utf8)
    }

    private func counter(_ name: String, _ points: String) -> String {
        #"{"name":"\#(name)","unit":"{attempt}","sum":{"isMonotonic":true,"dataPoints":[\#(points)]}}"#
    }

    private func point(_ backend: String, _ value: String) -> String {
        #"{"attributes":[{"key":"backend","value":{"stringValue":"\#(backend)"}}],"asInt":\#(value)}"#
    }

    @Test func `the latest value of each series is kept`() async throws {
        let collector = reversing()
        let client = LoopbackClient(port: try await collector.start())
        for points in [point("a", "0") + "," + point("b", "\"2\""), point("b", "5")] {
            let body = metrics(counter("keepalive_attempt_count", points))
            #expect(try await client.send("POST", "/v1/metrics", headers: Self.json, body: body).status == 200)
        }
        await collector.stop()
        let series = collector.record.summary.series(of: "keepalive_attempt_count", includingZeros: true)
        #expect(series.map(\.attributes) == [["backend": "a"], ["backend": "b"]])
        #expect(series.map(\.value) == [.counter(0), .counter(5)])
        #expect(series.map(\.unit) == ["{attempt}", "{attempt}"])
        #expect(collector.record.summary.series(of: "keepalive_attempt_count").map(\.number) == [5])
        #expect(collector.record.total(of: "keepalive_attempt_count", where: ["backend": "b"]) == 5)
        #expect(collector.record.payloads.count == 2)
    }

    @Test func `histograms and gauges have their values, and a point without one is no zero`() async throws {
        let collector = reversing()
        let client = LoopbackClient(port: try await collector.start())
        let data = [
            #"{"name":"h","unit":"ms","histogram":{"dataPoints":[{"count":3,"sum":4.5,"bucketCounts":[1,2]}]}}"#,
            #"{"name":"g","gauge":{"dataPoints":[{"asDouble":0.5}]}}"#,
            #"{"name":"u","sum":{"dataPoints":[{"asInt":7}]}}"#,
            #"{"name":"broken","gauge":{"dataPoints":[{"timeUnixNano":"1"}]}}"#,
        ]
        let body = metrics(data.joined(separator: ","))
        let headers = Self.json.merging(["content-encoding": "gzip"]) { $1 }
        #expect(try await client.send("POST", "/v1/metrics", headers: headers, body: body.reversed()).status == 200)
        await collector.stop()
        let summary = collector.record.summary
        #expect(summary.metrics.map(\.name) == ["g", "h", "u"])
        #expect(summary.metrics.map(\.value) == [.gauge(0.5), .histogram(count: 3, sum: 4.5), .upDownCounter(7)])
        #expect(collector.record.payloads.map(\.body) == [body])
    }

    @Test func `spans and log records are kept and counted by name`() async throws {
        let collector = reversing()
        let client = LoopbackClient(port: try await collector.start())
        let spans = #"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[
            {"traceId":"0af7","spanId":"b7ad","name":"keepalive","kind":1,"startTimeUnixNano":"5","endTimeUnixNano":"9"},
            {"traceId":"0af7","spanId":"00f0","parentSpanId":"b7ad","name":"ping","kind":3,"status":{"code":2},
            "attributes":[{"key":"error.type","value":{"intValue":"500"}}]}]}]}]}
            """#
        let logs = #"""
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
            {"eventName":"keepalive.session.lost","severityNumber":13,"body":{"stringValue":"lost"},"traceId":"0af7"},
            {"severityNumber":9,"body":{"stringValue":"plain"}}]}]}]}
            """#
        for (path, text) in [("/v1/traces", spans), ("/v1/logs", logs)] {
            #expect(try await client.send("POST", path, headers: Self.json, body: Array(text.utf8)).status == 200)
        }
        await collector.stop()
        let record = collector.record
        #expect(record.summary.spans.map(\.name) == ["keepalive", "ping"])
        #expect(record.summary.spans.map(\.errors) == [0, 1])
        #expect(record.spans.map(\.parentSpanID) == [nil, "b7ad"])
        #expect(record.spans.first?.start == 5 && record.spans.first?.end == 9)
        #expect(record.spans.last?.attributes == ["error.type": "500"])
        #expect(record.summary.logs == [.init(eventName: "keepalive.session.lost", count: 1)])
        #expect(record.logs.map(\.traceID) == ["0af7", nil])
        #expect(record.logs.map(\.body) == ["lost", "plain"])
    }

    @Test(
        arguments: [
            ("/v1/metrics", "application/x-protobuf", nil, "{}", 415),
            ("/v1/metrics", "application/json", nil, "{", 400),
            ("/v1/metrics", "application/json", "gzip", "", 400), ("/v1/profiles", "application/json", nil, "{}", 404),
        ] as [(String, String, String?, String, Int)]
    )
    func `what is not OTLP JSON is refused`(
        path: String,
        contentType: String,
        encoding: String?,
        body: String,
        status: Int
    ) async throws {
        let collector = reversing()
        let client = LoopbackClient(port: try await collector.start())
        var headers = ["content-type": contentType]
        headers["content-encoding"] = encoding
        #expect(try await client.send("POST", path, headers: headers, body: Array(body.utf8)).status == status)
        await collector.stop()
        #expect(collector.record.payloads.isEmpty)
        #expect(collector.record.refused.count == (status == 404 ? 0 : 1))
    }

    @Test func `it can refuse, and recover`() async throws {
        let collector = reversing()
        let client = LoopbackClient(port: try await collector.start())
        collector.setBehavior(.answers(status: 503, headers: ["retry-after": "1"], body: "busy"))
        let body = metrics(counter("keepalive_attempt_count", point("a", "1")))
        let refused = try await client.send("POST", "/v1/metrics", headers: Self.json, body: body)
        #expect(refused.status == 503 && refused.headers["retry-after"] == "1" && refused.body == "busy")
        #expect(collector.record.payloads.isEmpty)
        collector.setBehavior(.accepts)
        async let arrived: Void = collector.wait { $0.total(of: "keepalive_attempt_count") == 1 }
        #expect(try await client.send("POST", "/v1/metrics", headers: Self.json, body: body).status == 200)
        try await arrived
        await collector.stop()
    }
}
