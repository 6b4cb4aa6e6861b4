// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import OTLPExport
import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExportPipelineTests {
    @Test func `sends exactly what OTLP over HTTP asks for`() async throws {
        let collector = try ScriptedCollector(configure: {
            $0.userAgent = "agent/1 OTel-OTLP-Exporter-Swift/1"
        })
        collector.pipeline.start()
        collector.enqueue(spans: 2)
        #expect(await collector.pipeline.forceFlush())
        let request = try #require(collector.peer.requests.first)
        #expect((request.method, request.target) == ("POST", "/v1/traces"))
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("content-encoding") == "gzip")
        #expect(request.header("user-agent") == "agent/1 OTel-OTLP-Exporter-Swift/1")
        #expect(request.header("expect") == nil)
        let spans = [collector.span("span 0"), collector.span("span 1")]
        let expected = OTLPJSON.encode(spans: spans, resource: Resource(["service.name": "tests"]))
        #expect(try Gzip.inflate(request.body, limit: 1 << 20) == expected)
        let statistics = collector.traces
        #expect((statistics.exported, statistics.requests, statistics.queued) == (2, 1, 0))
        #expect((statistics.rawBytes, statistics.sentBytes) == (UInt64(expected.count), UInt64(request.body.count)))
        #expect(statistics.lastSuccess > 0)
        await collector.stop()
    }

    @Test(arguments: [
        TCPPeerStep.respond(json: "{}"), .respond(status: 200), .respond(json: #"{"partialSuccess":null}"#),
        .respond(status: 202, headers: [("Content-Type", "text/plain")], body: Array("fine".utf8)),
        .text("HTTP/1.1 204 No Content\r\n\r\n"),
    ]) func `takes any 2xx for success`(answer: TCPPeerStep) async throws {
        let collector = try ScriptedCollector { _ in [answer] }
        collector.pipeline.start()
        collector.enqueue(spans: 3)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.failed) == (3, [:]))
        #expect(collector.changes.record.isEmpty)
        await collector.stop()
    }

    @Test func `counts what was rejected, never repeats it and tells of it once`() async throws {
        let reply = #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}"#
        let collector = try ScriptedCollector { _ in [.respond(json: reply)] }
        collector.pipeline.start()
        for _ in 0..<2 {
            collector.enqueue(spans: 3)
            #expect(await collector.pipeline.forceFlush())
        }
        #expect((collector.traces.exported, collector.traces.failed) == (2, ["rejected": 4]))
        #expect(collector.peer.requestCount == 2)
        #expect(collector.changes.record == [.partial(PartialSuccess(rejected: 2, message: "too old"))])
        await collector.stop()
    }

    @Test(arguments: [429, 502, 503, 504]) func `repeats after a status that asks for it`(status: Int) async throws {
        let collector = try ScriptedCollector { $0.number < 3 ? [.respond(status: status)] : [ScriptedCollector.okay] }
        collector.pipeline.start()
        collector.enqueue(spans: 2)
        #expect(await collector.pipeline.forceFlush())
        let statistics = collector.traces
        #expect((statistics.exported, statistics.requests, statistics.retries, statistics.failed) == (2, 3, 2, [:]))
        #expect(Set(collector.peer.requests.map(\.body)).count == 1)
        #expect(collector.changes.record == [.failing(errorType: "\(status)", details: ""), .recovered])
        await collector.stop()
    }

    @Test(arguments: [400, 401, 404, 408, 415, 500, 501]) func `drops and counts after any other`(status: Int)
        async throws
    {
        let answer = TCPPeerStep.respond(status: status, json: #"{"message":"no"}"#)
        let collector = try ScriptedCollector { _ in [answer] }
        collector.pipeline.start()
        for _ in 0..<2 {
            collector.enqueue(spans: 2)
            #expect(await collector.pipeline.forceFlush())
        }
        #expect((collector.traces.exported, collector.traces.failed) == (0, ["\(status)": 4]))
        #expect(collector.peer.requestCount == 2)
        #expect(collector.changes.record == [.failing(errorType: "\(status)", details: "no")])
        await collector.stop()
    }

    @Test func `keeps the batch of a collector that asks for a long pause`() async throws {
        let collector = try ScriptedCollector { _ in [.respond(status: 429, headers: [("Retry-After", "600")])] }
        collector.pipeline.start()
        collector.enqueue(spans: 2)
        #expect(await !collector.pipeline.forceFlush())
        collector.enqueue(spans: 1)
        #expect(await !collector.pipeline.forceFlush())
        #expect(collector.peer.requestCount == 1)
        #expect(collector.traces.failed == [:])
        #expect(await !collector.pipeline.shutdown())
        #expect(collector.traces.failed == ["shutdown": 3])
        await collector.peer.stop()
    }

    @Test func `divides a batch that is too large once`() async throws {
        let collector = try ScriptedCollector { $0.number == 1 ? [.respond(status: 413)] : [ScriptedCollector.okay] }
        collector.pipeline.start()
        collector.enqueue(spans: 5)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.requests) == (5, 3))
        await collector.stop()
    }

    @Test func `drops halves that are still too large`() async throws {
        let collector = try ScriptedCollector { _ in [.respond(status: 413)] }
        collector.pipeline.start()
        collector.enqueue(spans: 5)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.failed, collector.traces.requests) == (["413": 5], 3))
        await collector.stop()
    }

    @Test func `follows no redirect`() async throws {
        let elsewhere = try TCPPeer { _ in [ScriptedCollector.okay] }
        let location = elsewhere.url("/v1/traces")
        let collector = try ScriptedCollector { _ in [.respond(status: 307, headers: [("Location", location)])] }
        collector.pipeline.start()
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect(collector.traces.failed == ["307": 1])
        #expect(elsewhere.connectionCount == 0)
        await collector.stop()
        await elsewhere.stop()
    }

    @Test func `repeats after a connection that was reset`() async throws {
        let collector = try ScriptedCollector { $0.connection == 1 ? [.reset] : [ScriptedCollector.okay] }
        collector.pipeline.start()
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.failed) == (1, [:]))
        await collector.stop()
    }

    @Test func `gives up an unreachable collector at the deadline`() async throws {
        let collector = try ScriptedCollector(configure: {
            $0.traces?.url = ScriptedCollector.refusingURL
            // The first wait would end after the deadline.
            $0.exportTimeout = .seconds(4)
            $0.retry.initialBackoff = .seconds(10)
        })
        collector.pipeline.start()
        collector.enqueue(spans: 2)
        #expect(await collector.pipeline.forceFlush())
        #expect(collector.traces.failed == ["connect": 2])
        guard case .failing("connect", let details)? = collector.changes.record.first else {
            Issue.record("no change was told")
            return
        }
        #expect(details.contains("refused"))
        #expect(collector.changes.record.count == 1)
        await collector.stop()
    }

    @Test func `ends an attempt that takes too long, and repeats it`() async throws {
        let collector = try ScriptedCollector(
            script: { $0.connection == 1 ? [.hang] : [ScriptedCollector.okay] },
            configure: { $0.updateDestinations { $0.timeout = .milliseconds(250) } }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect(collector.traces.exported == 1)
        #expect(collector.traces.retries >= 1)
        await collector.stop()
    }

    @Test func `does not inflate a reply beyond its limit`() async throws {
        var gzip = try Gzip(level: 9)
        var bomb: [UInt8] = []
        gzip.compress([UInt8](repeating: 0x20, count: 32 << 20), into: &bomb)
        let answer = TCPPeerStep.respond(headers: [("Content-Encoding", "gzip")], body: bomb)
        let collector = try ScriptedCollector { _ in [answer] }
        collector.pipeline.start()
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.failed, collector.traces.requests) == (["reply_too_large": 1], 1))
        await collector.stop()
    }

    @Test func `does not send a request beyond its limit`() async throws {
        let collector = try ScriptedCollector(configure: { $0.maximumRequestBytes = 1000 })
        collector.pipeline.start()
        collector.enqueue(spans: 50)
        #expect(await collector.pipeline.forceFlush())
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.failed, collector.traces.exported) == (["request_too_large": 50], 1))
        await collector.stop()
    }

    @Test func `makes one connection for many exports`() async throws {
        let collector = try ScriptedCollector()
        collector.pipeline.start()
        for _ in 0..<10 {
            collector.enqueue(spans: 1)
            #expect(await collector.pipeline.forceFlush())
        }
        #expect((collector.peer.requestCount, collector.peer.connectionCount) == (10, 1))
        await collector.stop()
    }

    @Test func `sends plain text where compression is off, and short bodies`() async throws {
        let collector = try ScriptedCollector(
            [.traces, .logs],
            configure: {
                $0.traces?.compression = .none
                $0.resource = Resource(.empty)
            }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 9)
        collector.pipeline.enqueue(LogRecord(scope: ScriptedCollector.scope, time: 1, severity: .info))
        #expect(await collector.pipeline.forceFlush())
        let requests = collector.peer.requests
        #expect(Set(requests.map(\.target)) == ["/v1/traces", "/v1/logs"])
        #expect(requests.allSatisfy { $0.header("content-encoding") == nil && $0.text.hasPrefix("{\"resource") })
        await collector.stop()
    }
}
