// SPDX-License-Identifier: Apache-2.0

import LogText

/// The catalogue as people read it: the generated parts of `docs/telemetry.md`.
package enum CatalogDocument {
    /// The parts, by the name that the markers in the document give them.
    package static let parts: [(name: String, text: String)] = [
        ("core metrics", table(Array(Catalog.metrics.prefix(coreCount)))),
        ("metrics", table(Array(Catalog.metrics.dropFirst(coreCount)))),
        ("convention metrics", table(Catalog.conventionMetrics)),
        ("process metrics", table(Catalog.processMetrics)),
        ("spool metrics", table(Catalog.spoolMetrics)),
        ("storage metrics", table(Catalog.storageMetrics)),
        ("example queries", queries(Catalog.allMetrics)),
        ("spans", spans),
        ("events", events),
    ]

    private static let coreCount = 5

    /// One row per metric.
    private static func table(_ metrics: [MetricDefinition]) -> String {
        let rows = metrics.map { metric in
            let name = PrometheusName.family(metric)
            return row([
                "`\(metric.name)`", name == metric.name ? "the same" : "`\(name)`",
                "\(word(metric.kind)), \(metric.unit)", attributes(metric.attributes),
                metric.description + bounds(metric.kind),
            ])
        }
        return rowsBelow(["name", "Prometheus", "type, unit", "attributes", "meaning"], rows)
    }

    private static func queries(_ metrics: [MetricDefinition]) -> String {
        rowsBelow(
            ["metric", "query"],
            metrics.map { row(["`\($0.name)`", "`\(PrometheusName.exampleQuery($0))`"]) }
        )
    }

    private static var spans: String {
        rowsBelow(
            ["span", "attribute", "value"],
            Catalog.spans.flatMap { span in
                [row(["`\(span.name)`, \(span.kind)", "", span.description])]
                    + span.attributes.map { row(["", "`\($0.key)`", $0.meaning]) }
            }
        )
    }

    private static var events: String {
        rowsBelow(
            ["event", "severity", "attributes", "when"],
            Catalog.events.map { event in
                let attributes = event.attributes.map { attribute in
                    text(attribute) + (event.optional.contains(attribute.key) ? " (not always)" : "")
                }
                return row([
                    "`\(event.name.rawValue)`", event.level == .warning ? "WARN" : "INFO",
                    attributes.joined(separator: "; "), event.description,
                ])
            }
        )
    }

    private static func attributes(_ attributes: [AttributeDefinition]) -> String {
        attributes.map(text).joined(separator: "; ")
    }

    private static func text(_ attribute: AttributeDefinition) -> String {
        guard let values = attribute.values else { return attribute.key }
        // Twenty reasons in every row hide the rest.
        if values == Catalog.failureReason.values {
            return "\(attribute.key): a [failure reason](behavior.md#failure-reasons)"
        }
        return "\(attribute.key): " + values.map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func word(_ kind: MetricDefinition.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .upDownCounter: "up-down counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func bounds(_ kind: MetricDefinition.Kind) -> String {
        guard case .histogram(let bounds) = kind else { return "" }
        if bounds.isEmpty { return " One bucket." }
        let words = bounds.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
        return " Bounds: \(words.joined(separator: " "))."
    }

    private static func rowsBelow(_ heading: [String], _ rows: [String]) -> String {
        ([row(heading), "|" + heading.map { _ in "---|" }.joined()] + rows).joined(separator: "\n")
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}
