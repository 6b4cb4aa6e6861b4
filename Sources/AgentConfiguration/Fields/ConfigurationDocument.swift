// SPDX-License-Identifier: Apache-2.0

/// The table of keys as people read it: the generated parts of `docs/configuration.md`.
package enum ConfigurationDocument {
    /// The parts, by the name that the markers in the document give them.
    package static let parts: [(name: String, text: String)] = [
        ("top level", table(ConfigurationField.file)),
        ("telemetry", table(ConfigurationField.telemetry)),
        ("spool", table(ConfigurationField.spool)),
        ("settings", table(ConfigurationField.settings)),
        ("backends", table(ConfigurationField.backendOnly)),
        ("fallback_tool", table(ConfigurationField.fallback)),
        ("tls", table(ConfigurationField.tls)),
        ("api", table(ConfigurationField.api)),
        ("writable", table(ConfigurationField.writable, anchors: ["tls": "tls-of-writable"])),
        ("tls of writable", table(ConfigurationField.writableTLS)),
        ("webhook", table(ConfigurationField.webhook)),
    ]

    /// Where the keys of a mapping are described.
    private static let anchors = [
        "telemetry": "telemetry", "defaults": "defaults-and-backends", "backends": "backends", "api": "api",
        "tls": "tls", "spool": "spool", "fallback_tool": "fallback_tool", "writable": "writable", "webhook": "webhook",
    ]

    /// - Parameter own: where those are described that the name alone does not tell.
    private static func table(_ fields: [ConfigurationField], anchors own: [String: String] = [:]) -> String {
        let rows = fields.map { field in
            let anchor = field.fields.isEmpty ? nil : own[field.name] ?? anchors[field.name]
            let type = anchor.map {
                field.typeInWords.replacing("mapping", with: "[mapping](#\($0))", maxReplacements: 1)
            }
            return row([
                "`\(field.name)`", type ?? field.typeInWords,
                field.isRequired ? "" : field.defaultValue.map { "`\($0)`" } ?? field.unset,
                field.summary + field.details,
            ])
        }
        return ([row(["key", "type", "default", "meaning"]), "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func row(_ cells: [String]) -> String {
        "|" + cells.map { " " + $0.replacing("|", with: "\\|") + ($0.isEmpty ? "|" : " |") }.joined()
    }
}
