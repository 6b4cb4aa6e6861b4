// SPDX-License-Identifier: Apache-2.0

package import Telemetry

/// Takes finished spans and log records; never blocks on what becomes of them.
package protocol TelemetrySink: Sendable {
    /// Takes a finished span.
    func enqueue(_ span: Telemetry.Span)
    /// Takes a log record.
    func enqueue(_ record: LogRecord)
}
