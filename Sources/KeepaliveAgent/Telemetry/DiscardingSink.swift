// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// Takes spans and log records where nothing is exported.
struct DiscardingSink: TelemetrySink {
    func enqueue(_ span: Telemetry.Span) {}

    func enqueue(_ record: LogRecord) {}
}
