// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import LogText
import Telemetry

/// Keeps everything that the agent records and says.
final class RecordingTelemetry: TelemetrySink, LogSink {
    struct Record: Sendable {
        var spans: [Telemetry.Span] = []
        var logs: [LogRecord] = []
        var lines: [LogLine] = []

        /// The spans of the keepalive cycles.
        var cycles: [Telemetry.Span] { spans.filter { $0.kind == .internal } }
        /// The spans of the calls.
        var calls: [Telemetry.Span] { spans.filter { $0.kind == .client } }

        func count(of event: Catalog.EventName) -> Int { logs.count { $0.eventName == event.rawValue } }
    }

    private let recorder = Recorder(Record())

    var record: Record { recorder.record }

    func enqueue(_ span: Telemetry.Span) { recorder.change { $0.spans.append(span) } }
    func enqueue(_ record: LogRecord) { recorder.change { $0.logs.append(record) } }
    func write(_ line: LogLine) { recorder.change { $0.lines.append(line) } }

    @discardableResult
    func wait(until condition: @escaping @Sendable (Record) -> Bool) async throws -> Record {
        try await recorder.wait(until: condition)
    }

    /// Waits until so many keepalive cycles have ended.
    @discardableResult
    func waitForCycles(_ count: Int) async throws -> Record {
        try await wait { $0.cycles.count >= count }
    }

    /// Waits until something was told so often.
    @discardableResult
    func wait(for event: Catalog.EventName, count: Int = 1) async throws -> Record {
        try await wait { $0.count(of: event) >= count }
    }
}
