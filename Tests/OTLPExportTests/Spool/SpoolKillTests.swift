// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Telemetry
import Testing

@testable import OTLPExport

/// Processes that record spans during an outage, as fast as a busy agent, and are ended by SIGKILL in the middle of it.
@Suite(.timeLimit(.minutes(2))) struct SpoolKillTests {
    private static let kills = 50
    /// The batch of the specification's defaults.
    private static let batch = QueueLimits.spans.batchRecords
    /// 2000 in a second.
    private static let pause = timespec(tv_sec: 0, tv_nsec: 500_000)

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

    @Test func `an end by SIGKILL loses less than one batch, over 50 kills`()
        async throws
    {
        let temporary = try TemporaryFolder()
        var children: [(recorded: Int, stored: Int)] = []
        for child in 0..<Self.kills {
            // From right after the first file is written until the next batch is complete and written, too.
            let (folder, microseconds) = (temporary.path, Int.random(in: 1000...400_000))
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, child = child as Int, microseconds = microseconds as Int] in
                try await SpoolKillTests.record(in: folder, child: child, killedAfter: microseconds)
            }
            children.append(Progress.read(try temporary.read(Progress.file)))
        }
        #expect(children.allSatisfy { $0.stored > 0 })
        #expect(children.contains { $0.recorded > 2 * Self.batch }, "no child lived long enough to fill a second batch")

        let collector = try ScriptedCollector(configure: {
            $0.spool = SpoolConfiguration(directory: temporary.path + "/spool")
            $0.spool?.replaySpacing = .zero
            $0.retry.maximumBackoff = .milliseconds(20)
        })
        collector.pipeline.start()
        try await collector.spool.wait { $0.replayed > 0 && $0.batches == 0 || !$0.dropped.isEmpty }
        #expect(collector.pipeline.spoolStatistics(of: .traces).dropped.isEmpty)
        let spans = try collector.peer.requests.flatMap { request in
            try ScriptedCollector.text(request).matches(of: /"name":"(\d+) (\d+)"/).compactMap { match in
                Int(match.1).flatMap { child in Int(match.2).map { (child, $0) } }
            }
        }
        await collector.stop()
        #expect(temporary.spooled == ["lock"])

        var losses: [Int] = []
        for (child, said) in children.enumerated() {
            let arrived = spans.filter { $0.0 == child }.map(\.1)
            // The oldest first, none twice, none missing in between.
            #expect(arrived == Array(0..<arrived.count), "child \(child)")
            #expect(arrived.count >= said.stored, "child \(child) lost what was reported as written")
            losses.append(said.recorded - arrived.count)
        }
        losses.sort()
        #expect(losses.allSatisfy { (0..<Self.batch).contains($0) }, "lost: \(losses)")
        // Half of a batch is what would be lost if it was gathered in memory only.
        #expect(losses[Self.kills / 2] < Self.batch / 4, "lost: \(losses)")
        #expect(losses.contains { $0 > 0 }, "no child was killed at work")
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

    /// What a child does: records a batch, which meets the outage and goes to the disk, and from then on one span after the
    /// other, whatever becomes of them, until it is killed.
    private static func record(in folder: String, child: Int, killedAfter microseconds: Int) async throws {
        let file = unsafe open("\(folder)/\(Progress.file)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        Progress.write(recorded: 0, stored: 0, to: file)
        var configuration = OTLPConfiguration()
        configuration.metrics = nil
        configuration.logs = nil
        configuration.traces?.url = ScriptedCollector.refusingURL
        configuration.traces?.proxy = .none
        configuration.spool = SpoolConfiguration(directory: folder + "/spool")
        let pipeline = try ExportPipeline(configuration, metrics: { _ in [] })
        let written = Recorder(UInt64(0))
        pipeline.spool?.watch { [weak pipeline] in
            guard let stored = pipeline?.spoolStatistics(of: .traces).stored else { return }
            written.change { $0 = stored }
        }
        pipeline.start()
        var recorded = 0
        while true {
            if recorded == batch {
                try await written.wait { $0 > 0 }
                try dieByTimer(after: microseconds)
            }
            // The pace of the load: nothing is waited for.
            if recorded > batch { unsafe withUnsafePointer(to: pause) { _ = unsafe nanosleep($0, nil) } }
            recorded += 1
            Progress.write(recorded: recorded, stored: written.record, to: file)
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
