// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Telemetry

/// Takes telemetry and forgets it: what is measured with it is the agent without its exporter.
struct DroppingSink: TelemetrySink {
    func enqueue(_ span: Telemetry.Span) {}
    func enqueue(_ record: LogRecord) {}
}
