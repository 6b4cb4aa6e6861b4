// SPDX-License-Identifier: Apache-2.0

/// A scalar with its substitutions made, and how to speak of it without giving a secret away.
struct ScalarValue {
    /// What was written, with the substitutions made.
    var text: String
    /// What was written.
    var written: YAMLScalar
    var position: SourcePosition
    /// The path of its key.
    var path: String

    /// Whether something was substituted; the text then may be a secret, and is never typed by its looks.
    var isSubstituted: Bool { written.text.contains("${") }

    /// The scalar's kind; what was substituted is text whatever it looks like.
    var kind: YAMLScalar.Kind { isSubstituted ? .text : written.kind }

    /// The value in words, such as `the number 300`.
    var inWords: String {
        if isSubstituted { return "the value of \(DiagnosticText.quoted(written.text))" }
        if SensitiveText.looksSensitive(written.text) { return "a text" }
        return switch written.kind {
        case .null: "nothing"
        case .boolean: "the truth value \(written.text)"
        case .number: "the number \(written.text)"
        case .text: "the text \(DiagnosticText.quoted(written.text))"
        }
    }
}

extension YAMLNode {
    /// The kind of the node in words.
    var kindInWords: String {
        switch content {
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: "nothing"
            case .boolean: "a truth value"
            case .number: "a number"
            case .text: "a text"
            }
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
