// SPDX-License-Identifier: Apache-2.0

package import JSONText

extension OTLPJSON {
    /// The body of a request to `v1/logs`; empty when there are no records.
    public static func encode(
        logs: [LogRecord],
        resource: Resource,
        limits: LogRecordLimits = LogRecordLimits()
    ) -> [UInt8] {
        var writer = JSONWriter()
        encode(logs: logs, resource: resource, limits: limits, into: &writer)
        return writer.bytes
    }

    /// Appends the body of a request to `v1/logs`; nothing when there are no records.
    package static func encode(
        logs: [LogRecord],
        resource: Resource,
        limits: LogRecordLimits = LogRecordLimits(),
        into writer: inout JSONWriter
    ) {
        writer.envelope(logs, resource, names: ("resourceLogs", "scopeLogs", "logRecords"), scope: { $0[$1].scope }) {
            $0.logRecord($1[$2], limits)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func logRecord(_ record: LogRecord, _ limits: LogRecordLimits) {
        beginObject()
        if record.time != 0 {
            key("timeUnixNano")
            integerString(record.time)
        }
        key("observedTimeUnixNano")
        integerString(record.observedTime)
        if record.severity.rawValue != 0 {
            key("severityNumber")
            integer(Int(record.severity.rawValue))
        }
        if record.severity.text.utf8CodeUnitCount > 0 {
            key("severityText")
            string(literal: record.severity.text)
        }
        if let body = record.body, !body.isEmptyArray {
            key("body")
            value(body)
        }
        attributes(
            record.sharedAttributes,
            record.attributes,
            limit: limits.attributes,
            valueLength: limits.valueLength
        )
        if let context = record.context {
            // Eight bits: the is-remote bits are defined for spans and links only.
            if context.flags.rawValue != 0 {
                key("flags")
                integer(Int(context.flags.rawValue))
            }
            traceID(context.traceID)
            spanID(context.spanID)
        }
        text("eventName", record.eventName)
        endObject()
    }
}
