// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Testing

/// The generated parts of the documentation, and the rules of names in Prometheus. That the document itself is up to date
/// is checked end to end.
struct CatalogDocumentTests {
    @Test(arguments: [
        ("keepalive_attempt_count", "keepalive_attempt_count_total"), ("keepalive_latency_ms", "keepalive_latency_ms"),
        ("keepalive_auto_disabled_total", "keepalive_auto_disabled_total"),
        ("keepalive_interval_seconds", "keepalive_interval_seconds"),
        ("mcp.client.operation.duration", "mcp_client_operation_duration_seconds"),
        ("otel.sdk.exporter.span.exported", "otel_sdk_exporter_span_exported_total"),
        ("process.memory.usage", "process_memory_usage_bytes"), ("process.cpu.time", "process_cpu_time_seconds_total"),
        ("process.unix.file_descriptor.count", "process_unix_file_descriptor_count"),
        ("keepalive_build_info", "keepalive_build_info"),
    ])
    func `names are translated as Prometheus does`(name: String, translated: String) throws {
        let metric = try #require(Catalog.allMetrics.first { $0.name == name })
        #expect(PrometheusName.family(metric) == translated)
    }

    @Test func `no two metrics have one name`() {
        #expect(Set(Catalog.allMetrics.map(PrometheusName.family)).count == Catalog.allMetrics.count)
    }

    @Test func `every metric, span and event has a row`() {
        let text = CatalogDocument.parts.map(\.text).joined(separator: "\n")
        for metric in Catalog.allMetrics {
            // One in its table and one among the queries.
            #expect(text.split(separator: "\n").count { $0.hasPrefix("| `\(metric.name)` |") } == 2, "\(metric.name)")
        }
        for event in Catalog.EventName.allCases { #expect(text.contains("`\(event.rawValue)`")) }
        for span in Catalog.spans { #expect(text.contains("`\(span.name)`")) }
    }

    @Test func `every event is defined once, in the order of its names`() {
        #expect(Catalog.events.map(\.name) == Catalog.EventName.allCases)
    }
}
