// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Synchronization
import Telemetry
import Testing

@testable import OTLPExport

/// Pipelines with a spool against collectors that come and go.
@Suite(.timeLimit(.minutes(1))) struct SpoolPipelineTests {
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
    }

    /// A collector that answers with 503 until the gate is open.
    private final class Door: Sendable {
        let isOpen = Atomic<Bool>(false)

        func answer(_: TCPPeerRequest) -> [TCPPeerStep] {
            isOpen.load(ordering: .relaxed) ? [ScriptedCollector.okay] : [.respond(status: 503)]
        }
    }

    private func collector(
        _ signals: Set<Signal> = [.traces],
        configure: (inout OTLPConfiguration) -> Void = { _ in },
        script: @escaping @Sendable (TCPPeerRequest) -> [TCPPeerStep] = { _ in [ScriptedCollector.okay] }
    ) throws -> ScriptedCollector {
        try ScriptedCollector(
            signals,
            script: script,
            configure: {
                $0.spool = SpoolConfiguration(directory: temporary.path + "/spool")
                $0.spanQueue.batchRecords = 10
                $0.retry.maximumBackoff = .milliseconds(20)
                configure(&$0)
            }
        )
    }

    /// Names of the spans in requests, in the order of arrival.
    private func names(_ collector: ScriptedCollector) throws -> [String] {
        try collector.peer.requests.filter { $0.target == "/v1/traces" }.flatMap { request in
            try ScriptedCollector.text(request).matches(of: /"name":"(span \d+)"/).map { String($0.1) }
        }
    }

    private func spans(_ range: Range<Int>) -> [String] { range.map { "span \($0)" } }

    /// Waits until the counts of the spool are so; the time limit of the suite is its end.
    private func wait(
        _ collector: ScriptedCollector,
        until condition: @escaping @Sendable (SpoolStatistics) -> Bool
    ) async throws {
        try await collector.spool.wait(until: condition)
    }

    @Test func `writes nothing while the collector takes everything`() async throws {
        let collector = try collector()
        collector.pipeline.start()
        collector.enqueue(spans: 35)
        #expect(await collector.pipeline.forceFlush())
        #expect(collector.traces.exported == 35)
        #expect(collector.pipeline.spoolStatistics(of: .traces) == SpoolStatistics())
        await collector.stop()
        #expect(temporary.spooled == ["lock"])
    }

    @Test func `sends after an outage what it wrote meanwhile, the oldest first`() async throws {
        let door = Door()
        let collector = try collector(script: door.answer)
        collector.pipeline.start()
        collector.enqueue(spans: 40)
        // The first batch is attempted again and again, all of them are on the disk.
        try await wait(collector) { $0.batches == 4 }
        let attempts = collector.peer.requestCount
        await collector.peer.waitForRequests(attempts + 2)
        door.isOpen.store(true, ordering: .relaxed)
        try await wait(collector) { $0.batches == 0 && $0.stored == 40 }
        #expect(try Array(names(collector).suffix(40)) == spans(0..<40))
        #expect((collector.traces.exported, collector.traces.failed, collector.traces.dropped) == (40, [:], [:]))
        let statistics = collector.pipeline.spoolStatistics(of: .traces)
        #expect((statistics.replayed, statistics.bytes, statistics.dropped) == (30, 0, [:]))
        await collector.stop()
        #expect(temporary.batches.isEmpty)
    }

    /// How many spans the drafts on the disk have.
    private var drafted: Int {
        let drafts = temporary.spooled.filter { $0.hasSuffix("draft.jsonl") }
        return drafts.reduce(0) { sum, name in
            sum + ((try? temporary.read("spool/" + name)).flatMap { SpoolDraft.join($0, of: .traces)?.records } ?? 0)
        }
    }

    @Test func `writes what it gathers while the collector is away`() async throws {
        let door = Door()
        let collector = try collector(script: door.answer)
        collector.pipeline.start()
        collector.enqueue(spans: 10)
        try await wait(collector) { $0.batches == 1 }
        collector.pipeline.enqueue(collector.span("span 10"))
        try await wait(collector) { $0.bytes == 2 * 4096 }
        #expect(drafted == 1)
        for index in 11..<13 { collector.pipeline.enqueue(collector.span("span \(index)")) }
        // The batch is complete, and its draft is not needed any longer.
        for index in 13..<20 { collector.pipeline.enqueue(collector.span("span \(index)")) }
        try await wait(collector) { $0.batches == 2 && $0.bytes == 2 * 4096 }
        for index in 20..<23 { collector.pipeline.enqueue(collector.span("span \(index)")) }
        try await wait(collector) { $0.bytes == 3 * 4096 }
        door.isOpen.store(true, ordering: .relaxed)
        try await wait(collector) { $0.batches == 0 && $0.bytes == 0 }
        #expect(await collector.pipeline.forceFlush())
        #expect(try names(collector).suffix(23) == spans(0..<23)[...])
        #expect(collector.traces.exported == 23)
        await collector.stop()
        #expect(temporary.spooled == ["lock"])
    }

    @Test func `writes what is on its way and what it gathers while the collector hangs`() async throws {
        let collector = try collector(
            configure: {
                $0.spool?.patience = .milliseconds(10)
                // No attempt fails while this lasts: patience alone is at work.
                $0.updateDestinations { $0.timeout = .seconds(3600) }
                $0.exportTimeout = .seconds(3600)
            },
            script: { _ in [.hang] }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 13)
        try await wait(collector) { $0.batches == 1 && $0.bytes == 2 * 4096 }
        #expect(drafted == 3)
        #expect(collector.traces.failed == [:])
        await collector.stop()
        #expect(temporary.batches.count == 2)
        #expect(temporary.spooled.count == 3)
    }

    @Test func `a draft goes with its batch when there is no room to write that`() async throws {
        let collector = try collector(
            configure: { $0.exportTimeout = .milliseconds(100) },
            script: { _ in [.respond(status: 503)] }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 10)
        try await wait(collector) { $0.batches == 1 }
        collector.pipeline.enqueue(collector.span())
        try await wait(collector) { $0.bytes == 2 * 4096 }
        // As if very much was waiting to be written.
        let pending = try #require(collector.pipeline.configuration.spool?.maximumPendingBytes)
        _ = collector.pipeline.spool?.announce(bytes: pending)
        collector.enqueue(spans: 9)
        try await wait(collector) { $0.bytes == 4096 }
        #expect(temporary.batches.count == 1 && temporary.spooled.count == 2)
        await collector.stop()
    }

    @Test func `a batch that is larger than the spool is not offered to it again and again`() async throws {
        let collector = try ScriptedCollector(
            script: { _ in [.hang] },
            configure: {
                $0.spool = SpoolConfiguration(directory: temporary.path + "/spool")
                $0.spool?.patience = .milliseconds(10)
                $0.spool?.maximumBytes = 4096
                $0.spanQueue.batchRecords = 10
            },
            // The ids of files then count how often one was announced.
            now: { 1000 }
        )
        collector.pipeline.start()
        for _ in 0..<10 {
            let noise = (0..<1000).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
            collector.pipeline.enqueue(collector.span(noise))
        }
        try await collector.changes.wait { $0.contains(.spool(.dropping(.size))) }
        // Two of them, so that the pipeline looks at everything at least once more.
        for bytes in [0, 4096] {
            try await wait(collector) { $0.bytes >= bytes }
            collector.pipeline.enqueue(collector.span())
        }
        let next = try #require(collector.pipeline.spool?.announce(bytes: 0))
        #expect(next <= 1000 + 3)
        await collector.stop()
    }

    @Test func `fresh batches do not wait for old ones`() async throws {
        let first = try collector(configure: { $0.traces?.url = ScriptedCollector.refusingURL })
        first.pipeline.start()
        first.enqueue(spans: 80)
        try await wait(first) { $0.batches == 8 }
        await first.stop()
        #expect(temporary.batches.count == 8)
        let second = try collector()
        second.pipeline.start()
        for index in 100..<140 { second.pipeline.enqueue(second.span("span \(index)")) }
        #expect(await second.pipeline.forceFlush(within: .seconds(10)))
        // Eight old ones take at least 1.4 s; four fresh ones only wait for the one that is on its way.
        #expect(second.pipeline.spoolStatistics(of: .traces).replayed < 80)
        #expect(try names(second).filter { $0.count > 7 } == spans(100..<140))
        try await wait(second) { $0.replayed == 80 }
        #expect(try names(second).filter { $0.count <= 7 } == spans(0..<80))
        await second.stop()
        #expect(temporary.spooled == ["lock"])
    }

    @Test func `the end writes what a dead collector did not take, in time`() async throws {
        let hanging = try collector([.traces, .logs, .metrics], script: { _ in [.hang] })
        _ = hanging.meter.gauge("g").series()
        hanging.pipeline.start()
        hanging.enqueue(spans: 25)
        hanging.pipeline.enqueue(LogRecord(scope: ScriptedCollector.scope, time: 1, severity: .info, body: "bye"))
        await hanging.peer.waitForRequests(2)
        let began = ContinuousClock.now
        #expect(await !hanging.pipeline.shutdown(within: .seconds(2)))
        #expect(ContinuousClock.now - began < .seconds(5))
        #expect((hanging.traces.failed, hanging.pipeline.statistics(of: .logs).failed) == ([:], [:]))
        await hanging.peer.stop()
        #expect(temporary.batches.filter { $0.hasPrefix("traces") }.count == 3)
        #expect(temporary.batches.filter { $0.hasPrefix("logs") }.count == 1)
        #expect(temporary.batches.allSatisfy { !$0.hasPrefix("metrics") })

        let next = try collector([.traces, .logs])
        next.pipeline.start()
        try await wait(next) { $0.replayed == 25 }
        #expect(try names(next) == spans(0..<25))
        await next.peer.waitForRequests(4)
        #expect(next.peer.requests.contains { $0.target == "/v1/logs" })
        await next.stop()
    }

    @Test func `the end leaves a batch on the disk that was being repeated`() async throws {
        let collector = try collector(
            configure: { $0.retry.initialBackoff = .seconds(10) },
            script: { _ in [.respond(status: 503)] }
        )
        collector.pipeline.start()
        collector.enqueue(spans: 10)
        try await wait(collector) { $0.batches == 1 }
        #expect(await !collector.pipeline.shutdown(within: .milliseconds(200)))
        #expect(collector.traces.failed == [:])
        #expect(temporary.batches.count == 1)
        await collector.peer.stop()
    }

    @Test func `gives up what the collector refuses for good`() async throws {
        let first = try collector(configure: { $0.traces?.url = ScriptedCollector.refusingURL })
        first.pipeline.start()
        first.enqueue(spans: 20)
        try await wait(first) { $0.batches == 2 }
        await first.stop()
        let second = try collector(script: { $0.number == 1 ? [.respond(status: 400)] : [ScriptedCollector.okay] })
        second.pipeline.start()
        try await wait(second) { $0.batches == 0 && $0.replayed == 10 }
        #expect(second.pipeline.spoolStatistics(of: .traces).dropped == [.refused: 10])
        await second.stop()
    }

    @Test func `comes back to the spool when the collector said it would be ready`() async throws {
        let first = try collector(configure: { $0.traces?.url = ScriptedCollector.refusingURL })
        first.pipeline.start()
        first.enqueue(spans: 10)
        try await wait(first) { $0.batches == 1 }
        await first.stop()
        let second = try collector(script: { _ in [.respond(status: 429, headers: [("Retry-After", "3000")])] })
        second.pipeline.start()
        await second.peer.waitForRequests(1)
        // The destination is left alone, also by fresh batches, which are on the disk instead.
        second.enqueue(spans: 20)
        try await wait(second) { $0.batches == 3 }
        #expect(second.peer.requestCount == 1)
        await second.stop()
        #expect(temporary.batches.count == 3)
    }

    @Test func `exports go on without a folder that cannot be used`() async throws {
        try temporary.write([], to: "spool")
        let door = Door()
        let collector = try collector(script: door.answer)
        collector.pipeline.start()
        collector.enqueue(spans: 10)
        await collector.peer.waitForRequests(3)
        door.isOpen.store(true, ordering: .relaxed)
        #expect(await collector.pipeline.forceFlush())
        #expect((collector.traces.exported, collector.traces.failed) == (10, [:]))
        let told = collector.changes.record.filter { if case .spool = $0 { true } else { false } }
        #expect(told == [.spool(.failing(details: "cannot open \(temporary.path)/spool/lock: Not a directory"))])
        await collector.stop()
    }

    @Test func `says that another agent uses the folder, and takes it over when that has ended`() async throws {
        let first = try collector(configure: { $0.traces?.url = ScriptedCollector.refusingURL })
        let second = try collector(configure: { $0.spool?.pause = .milliseconds(5) })
        first.pipeline.start()
        first.enqueue(spans: 20)
        try await wait(first) { $0.batches == 2 }
        second.pipeline.start()
        second.enqueue(spans: 10)
        #expect(await second.pipeline.forceFlush())
        #expect(second.traces.exported == 10)
        try await second.changes.wait { !$0.isEmpty }
        let details = "another process (\(getpid())) uses it; every agent needs a folder of its own"
        #expect(second.changes.record == [.spool(.failing(details: details))])
        await first.stop()
        try await wait(second) { $0.replayed == 20 }
        #expect(second.changes.record == [.spool(.failing(details: details)), .spool(.recovered)])
        #expect(second.traces.exported == 30)
        await second.stop()
    }

    @Test func `a test of the collector leaves the folder alone`() async throws {
        let collector = try collector()
        #expect(await collector.pipeline.sendTest(of: .traces) == .accepted)
        await collector.stop()
        #expect(temporary.names().isEmpty)
    }
}
