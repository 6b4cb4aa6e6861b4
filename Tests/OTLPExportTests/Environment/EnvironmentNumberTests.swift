// SPDX-License-Identifier: Apache-2.0

import OTLPExport
import Telemetry
import Testing

/// Numbers and durations: batching, limits, intervals.
struct EnvironmentNumberTests {
    /// A variable that is a whole number, and where it ends up.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var minimum = 0
        var read: @Sendable (OTLPConfiguration) -> Int?
        var testDescription: String { name }

        init(_ name: String, from minimum: Int = 0, _ read: @escaping @Sendable (OTLPConfiguration) -> Int?) {
            self.name = name
            self.minimum = minimum
            self.read = read
        }

        func value(_ text: String?) -> (value: Int?, problems: [EnvironmentProblem]) {
            let environment = OTLPEnvironment(text.map { [name: $0] } ?? [:])
            return (read(OTLPConfiguration(environment)), environment.problems)
        }
    }

    private static func milliseconds(_ duration: Duration?) -> Int? {
        duration.map { Int($0 / .milliseconds(1)) }
    }

    static let cases: [Case] = [
        Case("OTEL_BSP_SCHEDULE_DELAY") { milliseconds($0.spanQueue.delay) },
        Case("OTEL_BSP_EXPORT_TIMEOUT", from: 1) { milliseconds($0.traces?.exportTimeout) },
        Case("OTEL_BSP_MAX_QUEUE_SIZE", from: 1) { $0.spanQueue.records },
        Case("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", from: 1) { $0.spanQueue.batchRecords },
        Case("OTEL_BLRP_SCHEDULE_DELAY") { milliseconds($0.logQueue.delay) },
        Case("OTEL_BLRP_EXPORT_TIMEOUT", from: 1) { milliseconds($0.logs?.exportTimeout) },
        Case("OTEL_BLRP_MAX_QUEUE_SIZE", from: 1) { $0.logQueue.records },
        Case("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", from: 1) { $0.logQueue.batchRecords },
        Case("OTEL_METRIC_EXPORT_INTERVAL", from: 1) { milliseconds($0.metricInterval) },
        Case("OTEL_METRIC_EXPORT_TIMEOUT", from: 1) { milliseconds($0.metrics?.exportTimeout) },
        Case("OTEL_SPAN_EVENT_COUNT_LIMIT") { $0.spanLimits.events },
        Case("OTEL_SPAN_LINK_COUNT_LIMIT") { $0.spanLimits.links },
        Case("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") { $0.spanLimits.attributesPerEvent },
        Case("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") { $0.spanLimits.attributesPerLink },
        Case("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") { $0.spanLimits.attributes },
        Case("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.spanLimits.valueLength },
        Case("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") { $0.logRecordLimits.attributes },
        Case("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.logRecordLimits.valueLength },
        Case("OTEL_ATTRIBUTE_COUNT_LIMIT") { $0.spanLimits.attributes },
        Case("OTEL_ATTRIBUTE_COUNT_LIMIT") { $0.logRecordLimits.attributes },
        Case("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.spanLimits.valueLength },
        Case("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") { $0.logRecordLimits.valueLength },
        Case("OTEL_EXPORTER_OTLP_TIMEOUT", from: 1) { milliseconds($0.metrics?.timeout) },
        Case("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", from: 1) { milliseconds($0.traces?.timeout) },
        Case("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", from: 1) { milliseconds($0.metrics?.timeout) },
        Case("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", from: 1) { milliseconds($0.logs?.timeout) },
    ]

    @Test(arguments: cases) func `takes a whole number, blanks around it or not`(_ item: Case) {
        #expect(item.value("77").value == 77)
        #expect(item.value(" 078\t").value == 78)
        #expect(item.value("77").problems.isEmpty)
        if item.minimum == 0 { #expect(item.value("0").value == 0) }
    }

    @Test(arguments: cases, ["-1", "+1", "1.5", "1s", "1_000", "many", "0x10", "٣", "99999999999999999999"])
    func `tells of anything else and keeps the default`(_ item: Case, _ text: String) {
        let (value, problems) = item.value(text)
        #expect(value == item.value(nil).value)
        #expect(problems.map(\.variable) == [item.name])
        #expect(problems.allSatisfy { $0.severity == .warning })
    }

    @Test(arguments: [
        "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BLRP_MAX_QUEUE_SIZE",
        "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "OTEL_METRIC_EXPORT_INTERVAL",
    ])
    func `zero is no size and no interval`(_ name: String) {
        #expect(OTLPEnvironment([name: "0"]).warnings.map(\.variable) == [name])
    }

    @Test(arguments: [
        "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_METRIC_EXPORT_TIMEOUT",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
    ])
    func `a timeout of zero is no limit`(_ name: String) throws {
        let item = try #require(Self.cases.first { $0.name == name })
        #expect(try #require(item.value("0").value) > 20 * 86_400_000)
        #expect(item.value("0").problems.isEmpty)
        // What libcurl cannot count is as good as no limit.
        #expect(item.value("9223372036854775807").value == item.value("0").value)
    }

    @Test func `the limit of a kind of record counts instead of the general one`() {
        let configuration = OTLPConfiguration(
            OTLPEnvironment([
                "OTEL_ATTRIBUTE_COUNT_LIMIT": "10", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "20",
                "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "11", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "21",
            ])
        )
        #expect(configuration.spanLimits.attributes == 11)
        #expect(configuration.logRecordLimits.attributes == 10)
        #expect(configuration.spanLimits.valueLength == 20)
        #expect(configuration.logRecordLimits.valueLength == 21)
        // Neither concerns what is inside of events and links.
        #expect(configuration.spanLimits.attributesPerEvent == 128)
    }

    @Test func `a bad limit of a kind of record leaves the general one in force`() {
        let variables = ["OTEL_ATTRIBUTE_COUNT_LIMIT": "10", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "x"]
        #expect(OTLPConfiguration(OTLPEnvironment(variables)).spanLimits.attributes == 10)
    }

    @Test(arguments: [
        // queue, batch, what they become, whether it is told
        (String?.none, String?("3000"), 2048, 2048, true), ("100", "200", 100, 100, true),
        ("100", nil, 100, 100, false),
        ("100", "50", 100, 50, false), ("5000", "5000", 5000, 5000, false), (nil, "2048", 2048, 2048, false),
    ])
    func `a batch fits into its queue`(
        _ queue: String?,
        _ batch: String?,
        _ records: Int,
        _ batchRecords: Int,
        _ isTold: Bool
    ) {
        for prefix in ["OTEL_BSP", "OTEL_BLRP"] {
            let environment = OTLPEnvironment([
                "\(prefix)_MAX_QUEUE_SIZE": queue ?? "", "\(prefix)_MAX_EXPORT_BATCH_SIZE": batch ?? "",
            ])
            let configuration = OTLPConfiguration(environment)
            let limits = prefix == "OTEL_BSP" ? configuration.spanQueue : configuration.logQueue
            #expect(limits.records == records)
            #expect(limits.batchRecords == batchRecords)
            #expect(environment.warnings.map(\.variable) == (isTold ? ["\(prefix)_MAX_EXPORT_BATCH_SIZE"] : []))
        }
    }
}
