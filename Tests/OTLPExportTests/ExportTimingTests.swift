// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import OTLPExport
import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExportTimingTests {
    @Test func `exports a complete batch without being asked`() async throws {
        let collector = try ScriptedCollector(configure: { $0.spanQueue.batchRecords = 3 })
        collector.pipeline.start()
        collector.enqueue(spans: 7)
        await collector.peer.waitForRequests(2)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.requests) == (7, 3))
        await collector.stop()
    }

    @Test func `exports what has waited long enough`() async throws {
        let collector = try ScriptedCollector(configure: { $0.spanQueue.delay = .milliseconds(5) })
        collector.pipeline.start()
        for count in 1...3 {
            collector.enqueue(spans: 1)
            await collector.peer.waitForRequests(count)
        }
        await collector.stop()
    }

    @Test func `exports metrics at once and then periodically`() async throws {
        let collector = try ScriptedCollector([.metrics], configure: { $0.metricInterval = .milliseconds(5) })
        collector.meter.counter("c").series().add(7)
        collector.pipeline.start()
        await collector.peer.waitForRequests(3)
        let first = try #require(collector.peer.requests.first)
        #expect(first.target == "/v1/metrics")
        #expect(try ScriptedCollector.text(first).contains(#""asInt":7}"#))
        await collector.stop()
    }

    @Test func `divides many points among requests`() async throws {
        let collector = try ScriptedCollector([.metrics], configure: { $0.pointsPerRequest = 4 })
        let counter = collector.meter.counter("c")
        for index in 0..<10 { counter.series(for: ["i": .int(Int64(index))]).add() }
        collector.pipeline.start()
        #expect(await collector.pipeline.forceFlush())
        // One collection at the start and one for the flush, or that one alone.
        let statistics = collector.pipeline.statistics(of: .metrics)
        #expect(statistics.exported == 10 * statistics.requests / 3)
        #expect([3, 6].contains(statistics.requests))
        await collector.stop()
    }

    @Test func `a flush exports metrics that were recorded just before`() async throws {
        let collector = try ScriptedCollector([.metrics])
        let series = collector.meter.counter("c").series()
        collector.pipeline.start()
        await collector.peer.waitForRequests(1)
        series.add(12_345)
        #expect(await collector.pipeline.forceFlush())
        let last = try #require(collector.peer.requests.last)
        #expect(try ScriptedCollector.text(last).contains(#""asInt":12345}"#))
        await collector.stop()
    }

    @Test func `the end exports everything and takes nothing more`() async throws {
        let collector = try ScriptedCollector([.traces, .logs, .metrics])
        _ = collector.meter.gauge("g").series()
        collector.pipeline.start()
        collector.enqueue(spans: 600)
        collector.pipeline.enqueue(LogRecord(scope: ScriptedCollector.scope, time: 1, severity: .info, body: "bye"))
        #expect(await collector.pipeline.shutdown())
        #expect(collector.traces.exported == 600)
        #expect(collector.pipeline.statistics(of: .logs).exported == 1)
        #expect(collector.pipeline.statistics(of: .metrics).exported >= 1)
        collector.enqueue(spans: 2)
        #expect(collector.traces.dropped == ["already_shutdown": 2])
        #expect(await !collector.pipeline.shutdown())
        await collector.peer.stop()
    }

    @Test func `the end comes in time although the collector hangs`() async throws {
        let collector = try ScriptedCollector([.traces, .metrics]) { _ in [.hang] }
        _ = collector.meter.gauge("g").series()
        collector.pipeline.start()
        collector.enqueue(spans: 3)
        let began = ContinuousClock.now
        #expect(await !collector.pipeline.shutdown(within: .milliseconds(200)))
        #expect(ContinuousClock.now - began < .seconds(3))
        // The attempt and the end have the same deadline; either may notice first.
        #expect(collector.traces.failed == ["shutdown": 3] || collector.traces.failed == ["timeout": 3])
        await collector.peer.waitForDisconnections(1)
        await collector.peer.stop()
    }

    @Test func `the end comes in time although nobody gives the metrics`() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        var configuration = OTLPConfiguration(endpoint: "http://127.0.0.1:1")
        configuration.traces = nil
        configuration.logs = nil
        let pipeline = try ExportPipeline(
            configuration,
            metrics: { _ in
                for await _ in stream {}
                return []
            }
        )
        pipeline.start()
        #expect(await !pipeline.shutdown(within: .milliseconds(50)))
        continuation.finish()
    }

    @Test func `can be ended without having been started`() async throws {
        let collector = try ScriptedCollector()
        collector.enqueue(spans: 1)
        #expect(await collector.pipeline.forceFlush())
        #expect(await collector.pipeline.shutdown())
        #expect((collector.traces.failed, collector.peer.requestCount) == (["shutdown": 1], 0))
        await collector.peer.stop()
    }

    @Test func `recording never waits for a collector that hangs, and what is too much is dropped`() async throws {
        let collector = try ScriptedCollector(
            script: { _ in [.hang] },
            configure: {
                $0.spanQueue.records = 100
                $0.spanQueue.batchRecords = 10
            }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 10)
        await collector.peer.waitForRequests(1)
        let began = ContinuousClock.now
        collector.enqueue(spans: 5000)
        #expect(ContinuousClock.now - began < .seconds(1))
        #expect(collector.traces.queued == 100)
        #expect(collector.traces.dropped == ["queue_full": 4900])
        await collector.stop()
        #expect(collector.traces.failed == ["shutdown": 110])
    }

    @Test func `loses nothing when many threads record`() async throws {
        let collector = try ScriptedCollector(configure: {
            $0.spanQueue.records = 100_000
            $0.spanQueue.batchRecords = 100
        })
        collector.pipeline.start()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { collector.enqueue(spans: 1000) } }
        }
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.droppedTotal) == (4000, 0))
        await collector.stop()
    }

    @Test func `ignores spans that are not sampled and signals that have no destination`() async throws {
        let collector = try ScriptedCollector()
        var span = collector.span()
        span.context.flags = [.random]
        collector.pipeline.enqueue(span)
        collector.pipeline.enqueue(LogRecord(scope: ScriptedCollector.scope, time: 1, severity: .info))
        #expect(collector.traces.queued == 0)
        #expect(collector.pipeline.statistics(of: .logs) == ExportStatistics())
        await collector.stop()
    }
}
