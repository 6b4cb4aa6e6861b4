// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Telemetry
import Testing

@testable import OTLPExport

/// Processes that record spans during an outage and are ended by SIGKILL in the middle of it.
@Suite(.timeLimit(.minutes(2))) struct SpoolKillTests {
    private static let kills = 50
    private static let batch = 10

    /// What a child said last, in a file: how many spans it had begun to record, and how many were reported as written.
    private struct Progress {
        static let file = "progress"

        static func write(recorded: Int, stored: UInt64, to file: Int32) {
            let values = [Int64(recorded), Int64(stored)]
            _ = unsafe values.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) }
        }

        static func read(_ bytes: [UInt8]) -> (recorded: Int, stored: Int) {
            guard bytes.count == 16 else { return (0, 0) }
            return unsafe bytes.withUnsafeBytes { buffer in
                unsafe (
                    Int(buffer.loadUnaligned(as: Int64.self)),
                    Int(buffer.loadUnaligned(fromByteOffset: 8, as: Int64.self))
                )
            }
        }
    }

    @Test func `an end by SIGKILL loses the batch on its way and the one being gathered at most, over 50 kills`()
        async throws
    {
        let temporary = try TemporaryFolder()
        var children: [(recorded: Int, stored: Int)] = []
        for child in 0..<Self.kills {
            // From before the first file is written to long after.
            let (folder, microseconds) = (temporary.path, Int.random(in: 1000...120_000))
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, child = child as Int, microseconds = microseconds as Int] in
                try await SpoolKillTests.record(in: folder, child: child, killedAfter: microseconds)
            }
            children.append(Progress.read(try temporary.read(Progress.file)))
        }
        #expect(children.contains { $0.stored > 0 })

        let collector = try ScriptedCollector(configure: {
            $0.spool = SpoolConfiguration(directory: temporary.path + "/spool")
            $0.spool?.replaySpacing = .zero
            $0.retry.maximumBackoff = .milliseconds(20)
        })
        let expected = temporary.batches.reduce(0) { $0 + (SpoolEntry(name: $1, bytes: 1)?.records ?? 0) }
        collector.pipeline.start()
        try await collector.spool.wait { $0.replayed >= expected || !$0.dropped.isEmpty }
        #expect(collector.pipeline.spoolStatistics(of: .traces).dropped.isEmpty)
        let spans = try collector.peer.requests.flatMap { request in
            try ScriptedCollector.text(request).matches(of: /"name":"(\d+) (\d+)"/).compactMap { match in
                Int(match.1).flatMap { child in Int(match.2).map { (child, $0) } }
            }
        }
        await collector.stop()
        #expect(temporary.spooled == ["lock"])

        var worst = 0
        for (child, said) in children.enumerated() {
            let arrived = spans.filter { $0.0 == child }.map(\.1)
            // The oldest first, none twice, none missing in between.
            #expect(arrived == Array(0..<arrived.count), "child \(child)")
            #expect(arrived.count >= said.stored, "child \(child) lost what was reported as written")
            let lost = said.recorded - arrived.count
            #expect(lost <= 2 * Self.batch, "child \(child) lost \(lost) of \(said.recorded)")
            worst = max(worst, lost)
        }
        #expect(worst > 0, "no child was killed at work")
    }

    /// Lets the kernel kill this process, whatever it is doing then.
    private static func dieByTimer(after microseconds: Int) throws {
        var event = unsafe sigevent()
        unsafe event.sigev_notify = Int32(SIGEV_SIGNAL)
        unsafe event.sigev_signo = SIGKILL
        var timer: timer_t?
        try #require(unsafe timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        var time = itimerspec()
        time.it_value.tv_nsec = microseconds * 1000
        try #require(unsafe timer_settime(timer, 0, &time, nil) == 0)
    }

    /// What a child does: records spans, never more than two batches ahead of the disk, until it is killed. A pipeline that
    /// gathered more than that would keep it waiting with nothing written.
    private static func record(in folder: String, child: Int, killedAfter microseconds: Int) async throws {
        let file = unsafe open("\(folder)/\(Progress.file)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        Progress.write(recorded: 0, stored: 0, to: file)
        var configuration = OTLPConfiguration()
        configuration.metrics = nil
        configuration.logs = nil
        configuration.traces?.url = ScriptedCollector.refusingURL
        configuration.traces?.proxy = .none
        configuration.spool = SpoolConfiguration(directory: folder + "/spool")
        configuration.spanQueue.batchRecords = batch
        configuration.spanQueue.delay = .milliseconds(20)
        let pipeline = try ExportPipeline(configuration, metrics: { _ in [] })
        let written = Recorder(UInt64(0))
        pipeline.spool?.watch { [weak pipeline] in
            guard let stored = pipeline?.spoolStatistics(of: .traces).stored else { return }
            written.change { $0 = stored }
        }
        pipeline.start()
        try dieByTimer(after: microseconds)
        var recorded = 0
        while true {
            let count = recorded
            let stored = try await written.wait { count - Int($0) < 2 * batch }
            recorded += 1
            Progress.write(recorded: recorded, stored: stored, to: file)
            pipeline.enqueue(
                Span(
                    scope: ScriptedCollector.scope,
                    context: SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3)),
                    name: "\(child) \(recorded - 1)",
                    start: 1,
                    end: 2
                )
            )
        }
    }
}
