// SPDX-License-Identifier: Apache-2.0

import ScriptedBackend

/// What the demo's collector got, in short.
struct DemoSummary {
    let record: TelemetryRecord

    private static let metrics = [
        "keepalive_attempt_count", "keepalive_success_count", "keepalive_failure_count", "keepalive_latency_ms",
        "keepalive_auto_disabled_total", "keepalive_reenabled_total", "keepalive_probes_total",
    ]

    func say() {
        let summary = record.summary
        Terminal.say("What a collector got, in \(record.payloads.count) requests of OTLP/HTTP JSON:")
        for name in Self.metrics {
            for metric in summary.series(of: name) {
                let attributes = metric.attributes.filter { $0.key != "backend" }.sorted { $0.key < $1.key }
                    .map { "\($0.key)=\($0.value)" }
                    .joined(separator: " ")
                Terminal.say("  \(Self.padded(name, 31))\(Self.padded(attributes, 36))\(metric.words)")
            }
        }
        let spans = summary.spans.map { span in
            "\(span.name) \(span.count)" + (span.errors > 0 ? " (\(span.errors) failed)" : "")
        }
        Terminal.say("  spans   \(spans.joined(separator: ", "))")
        Terminal.say(
            "  events  " + summary.logs.map { "\($0.eventName) \($0.count)" }.joined(separator: "\n          ")
        )
        Terminal.say("")
        Terminal.say("Next: mcp-keepalive ping URL tries a server of yours; README.md shows how to run the agent.")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

extension RecordedMetric {
    /// The value as people read it.
    fileprivate var words: String {
        switch value {
        case .counter(let value), .upDownCounter(let value), .gauge(let value): "\(Int(value))"
        case .histogram(let count, let sum) where count > 0:
            "\(count) calls, \((sum / Double(count) * 10).rounded() / 10) ms on average"
        case .histogram: "0 calls"
        }
    }
}
