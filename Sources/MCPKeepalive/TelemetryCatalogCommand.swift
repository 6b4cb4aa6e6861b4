// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import KeepaliveAgent

struct TelemetryCatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Prints every metric, span and event that the agent can emit.",
        discussion: """
            As names, a line each: kind, OTLP name, name in Prometheus, unit. With --markdown as the tables of \
            docs/telemetry.md, each between the markers that it has there.
            """
    )

    @Flag(help: "Print the tables of docs/telemetry.md.")
    var markdown = false

    func run() {
        if markdown {
            for (name, text) in CatalogDocument.parts {
                Terminal.say("<!-- generated: \(name) -->\n\(text)\n<!-- end -->")
            }
            return
        }
        for metric in Catalog.allMetrics {
            Terminal.say("metric \(metric.name) \(PrometheusName.family(metric)) \(metric.unit)")
        }
        for span in Catalog.spans { Terminal.say("span \(span.name)") }
        for event in Catalog.EventName.allCases { Terminal.say("event \(event.rawValue)") }
    }
}
