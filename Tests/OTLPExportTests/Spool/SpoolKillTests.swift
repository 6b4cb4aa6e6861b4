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
        try await poll {
            let statistics = collector.pipeline.spoolStatistics(of: .traces)
            return statistics.replayed >= expected || !statistics.dropped.isEmpty
        }
        #expect(collector.pipeline.spoolStatistics(of: .traces).dropped.isEmpty)
        let spans = try collector.peer.requests.flatMap { request in
            try ScriptedCollector.text(request).matches(of: /"name":"(\d+) (\d+)"/).compactMap { match in
                Int(match.1).flatMap { child in Int(match.2).map { (child, $0) } }
            }
        }
        await collector.stop()
        #expect(temporary.names() == ["lock"])

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

    /// What a child does: records spans no faster than the disk takes them, until a thread of its own kills it.
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
        pipeline.start()
        Task.detached {
            usleep(UInt32(microseconds))
            kill(getpid(), SIGKILL)
        }
        var recorded = 0
        while true {
            let stored = pipeline.spoolStatistics(of: .traces).stored
            guard recorded - Int(stored) < 2 * batch else {
                try await Task.sleep(for: .microseconds(100))
                continue
            }
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
