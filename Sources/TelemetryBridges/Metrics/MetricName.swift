// SPDX-License-Identifier: Apache-2.0

/// Names of instruments.
enum MetricName {
    /// The label in the syntax of names (Metrics API, "Instrument name syntax"): a letter, then letters, digits and `_.-/`, at
    /// most 255 characters.
    static func valid(_ label: String) -> String {
        var name = String(
            label.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-", "/": Character(scalar)
                default: "_"
                }
            }
        )
        if !(name.first?.isLetter ?? false) { name = "metric_" + name }
        return String(name.prefix(255))
    }
}
