// SPDX-License-Identifier: Apache-2.0

public import OTLPExport
public import Telemetry

/// Takes finished spans and log records. An `ExportPipeline` is one; tests have others.
public protocol RecordSink: Sendable {
    /// Takes a span; must not wait for I/O.
    func enqueue(_ span: Telemetry.Span)

    /// Takes a log record; must not wait for I/O.
    func enqueue(_ record: LogRecord)
}

extension ExportPipeline: RecordSink {}
