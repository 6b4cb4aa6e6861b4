// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct LogEncodingTests {
    @Test func `writes a record without anything optional`() {
        let record = LogRecord(scope: Samples.scope, time: 0, observedTime: 9, severity: .info)
        #expect(Samples.body(record) == #"{"observedTimeUnixNano":"9","severityNumber":9,"severityText":"INFO"}"#)
    }

    @Test func `writes a record with everything`() {
        var record = LogRecord(
            scope: Samples.scope,
            time: Samples.start,
            observedTime: Samples.start + 1,
            severity: .warning,
            body: "disabled",
            eventName: "keepalive.backend.auto_disabled",
            attributes: [Attribute("reason", "timeout")],
            context: Samples.context
        )
        record.sharedAttributes = ["backend": "db"]
        let expected =
            #"{"timeUnixNano":"1700000000000000000","observedTimeUnixNano":"1700000000000000001","severityNumber":13,"#
            + #""severityText":"WARN","body":{"stringValue":"disabled"},"attributes":[{"key":"backend","value":"#
            + #"{"stringValue":"db"}},{"key":"reason","value":{"stringValue":"timeout"}}],"flags":1,"#
            + #""traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","#
            + #""eventName":"keepalive.backend.auto_disabled"}"#
        #expect(Samples.body(record) == expected)
    }

    @Test func `takes the time as observed time unless another is given`() {
        let record = LogRecord(scope: Samples.scope, time: 5, severity: .debug)
        #expect(record.observedTime == 5)
    }

    @Test func `leaves out an empty array as body, an unknown severity and flags of zero`() {
        var record = LogRecord(scope: Samples.scope, time: 5, severity: Severity(rawValue: 0), body: .ints([]))
        record.context = SpanContext(traceID: Samples.traceID, spanID: Samples.spanID, flags: [])
        let expected =
            #"{"timeUnixNano":"5","observedTimeUnixNano":"5","traceId":"0af7651916cd43dd8448eb211c80319c","#
            + #""spanId":"b7ad6b7169203331"}"#
        #expect(Samples.body(record) == expected)
    }

    @Test func `counts attributes beyond the limit as dropped`() {
        var limits = LogRecordLimits()
        limits.attributes = 1
        let attributes = [Attribute("a", 1), Attribute("b", 2)]
        let record = LogRecord(scope: Samples.scope, time: 5, severity: .error, attributes: attributes)
        let expected = #","attributes":[{"key":"a","value":{"intValue":"1"}}],"droppedAttributesCount":1}"#
        #expect(Samples.body(record, limits: limits).hasSuffix(expected))
    }

    @Test func `names every severity of the specification`() {
        let names = (1...24).map { Severity(rawValue: $0).text.description }
        #expect(Set(names).count == 24)
        #expect(
            [names[0], names[4], names[8], names[9], names[12], names[16], names[17], names[20]] == [
                "TRACE", "DEBUG", "INFO", "INFO2", "WARN", "ERROR", "ERROR2", "FATAL",
            ]
        )
        #expect(Severity(rawValue: 25).text.utf8CodeUnitCount == 0)
        #expect(Severity.notice < .warning)
    }

    @Test func `never writes an empty envelope`() {
        #expect(OTLPJSON.encode(logs: [LogRecord](), resource: Samples.resource).isEmpty)
    }
}
