// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import OTLPExport
import Telemetry
import Testing

/// What a pipeline tells about itself.
@Suite(.timeLimit(.minutes(1)))
struct SelfObservationTests {
    private static let spanExporter = "otlp_http_json_span_exporter"

    /// The sum of the points that have all these attributes; nil when there are none.
    private static func value(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        of collector: ScriptedCollector
    ) -> Int64? {
        let metric = collector.meter.collect(at: 2).metrics.first { $0.description.name == name }
        guard case .sum(let points, _, _)? = metric?.data else { return nil }
        let matching = points.filter { point in
            attributes.allSatisfy { key, value in
                value.isEmpty ? point.attributes[key] == nil : point.attributes[key] == .string(value)
            }
        }
        if matching.isEmpty { return nil }
        return matching.reduce(0) { sum, point in
            guard case .int(let value) = point.value else { return sum }
            return sum + value
        }
    }

    private static func durations(of collector: ScriptedCollector) -> [HistogramPoint] {
        let metric = collector.meter.collect(at: 2).metrics
            .first { $0.description.name == "otel.sdk.exporter.operation.duration" }
        guard case .histogram(let points, _)? = metric?.data else { return [] }
        return points
    }

    @Test func `all of its counts exist with zero from the start`() async throws {
        let collector = try ScriptedCollector([.traces, .logs, .metrics], observesItself: true)
        for metric in SelfMetric.all where metric.kind != .histogram {
            if metric.name.hasSuffix("queue.capacity") {
                #expect(Self.value(metric.name, of: collector) == 2048, "\(metric.name)")
            } else {
                #expect(Self.value(metric.name, of: collector) == 0, "\(metric.name)")
            }
        }
        for error in ["timeout", "503", "rejected"] {
            #expect(Self.value("otel.sdk.exporter.span.exported", ["error.type": error], of: collector) == 0)
        }
        await collector.stop()
    }

    @Test func `a delivered batch is counted once, and its duration with the status`() async throws {
        let collector = try ScriptedCollector(observesItself: true)
        collector.pipeline.start()
        collector.enqueue(spans: 3)
        #expect(Self.value("otel.sdk.processor.span.queue.size", of: collector) == 3)
        #expect(
            Self.value("otel.sdk.span.started", ["otel.span.sampling_result": "RECORD_AND_SAMPLE"], of: collector) == 3
        )
        #expect(await collector.pipeline.forceFlush())
        let delivered: KeyValuePairs = ["error.type": "", "otel.component.type": Self.spanExporter]
        #expect(Self.value("otel.sdk.exporter.span.exported", delivered, of: collector) == 3)
        #expect(Self.value("otel.sdk.processor.span.processed", ["error.type": ""], of: collector) == 3)
        #expect(Self.value("otel.sdk.processor.span.queue.size", of: collector) == 0)
        #expect(Self.value("otel.sdk.exporter.span.inflight", of: collector) == 0)
        let points = Self.durations(of: collector).filter { $0.count > 0 }
        #expect(points.count == 1)
        let attributes = try #require(points.first).attributes
        #expect(attributes["http.response.status_code"] == .int(200))
        #expect(attributes["error.type"] == nil)
        #expect(attributes["server.address"] == "127.0.0.1")
        #expect(attributes["otel.component.name"] == .string("\(Self.spanExporter)/0"))
        await collector.stop()
    }

    @Test func `what is refused, rejected or never taken is counted by its reason`() async throws {
        let collector = try ScriptedCollector(
            observesItself: true,
            script: { request in
                request.number == 1
                    ? [.respond(status: 400, json: "{}")]
                    : [.respond(json: #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}"#)]
            },
            configure: { $0.spanQueue.records = 4 }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 4)
        _ = await collector.pipeline.forceFlush()
        #expect(Self.value("otel.sdk.exporter.span.exported", ["error.type": "400"], of: collector) == 4)
        collector.enqueue(spans: 3)
        _ = await collector.pipeline.forceFlush()
        #expect(Self.value("otel.sdk.exporter.span.exported", ["error.type": "rejected"], of: collector) == 2)
        #expect(Self.value("otel.sdk.exporter.span.exported", ["error.type": ""], of: collector) == 1)
        #expect(
            Set(Self.durations(of: collector).filter { $0.count > 0 }.map { $0.attributes["error.type"] })
                == ["400", "rejected"]
        )
        await collector.stop()
        collector.enqueue(spans: 2)
        #expect(
            Self.value("otel.sdk.processor.span.processed", ["error.type": "already_shutdown"], of: collector) == 2
        )
    }

    @Test func `a pipeline that is not asked to registers nothing`() async throws {
        let collector = try ScriptedCollector([.traces, .logs, .metrics])
        #expect(collector.meter.collect(at: 2).metrics.isEmpty)
        await collector.stop()
    }
}
