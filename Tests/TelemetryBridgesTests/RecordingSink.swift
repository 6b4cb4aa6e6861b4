// SPDX-License-Identifier: Apache-2.0

import Locking
import Telemetry
import TelemetryBridges

/// Keeps what it is given.
final class RecordingSink: RecordSink {
    private let spanList = Locked<[Telemetry.Span]>([])
    private let logList = Locked<[LogRecord]>([])

    var spans: [Telemetry.Span] { spanList.withLock { $0 } }
    var logs: [LogRecord] { logList.withLock { $0 } }

    func enqueue(_ span: Telemetry.Span) { spanList.withLock { $0.append(span) } }
    func enqueue(_ record: LogRecord) { logList.withLock { $0.append(record) } }
}
