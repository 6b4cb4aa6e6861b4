// SPDX-License-Identifier: Apache-2.0

extension ConfigurationField {
    /// The type and its limits as the reference has it; Markdown.
    package var typeInWords: String {
        let type =
            switch kind {
            case .version: "`1`"
            case .url: "URL"
            case .path: "path"
            case .pathOr(let word): "path, `\(word)`"
            case .address(let canBeOff): canBeOff ? "`host:port`, `off`" : "`host:port`"
            case .duration(let least, let most):
                "duration, "
                    + (most.map { "\(Self.text(least)) to \(Self.text($0))" } ?? "at least \(Self.text(least))")
            case .size(let range): "size, \(SizeText.format(range.lowerBound)) to \(SizeText.format(range.upperBound))"
            case .percentage: "percentage, 0% to 100%"
            case .integer(let range): "number, \(range.lowerBound) to \(range.upperBound)"
            case .number(let most): "number, over 0, at most \(most)"
            case .boolean: "boolean"
            case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
            case .text: "text"
            case .method: "`ping`, `tool:<name>`, `none`"
            case .accounts: "list of names and ids"
            case .hosts: "list of host names"
            case .headers, .arguments: "mapping"
            case .texts: "mapping of texts"
            case .mapping(_, let canBeOff): canBeOff ? "mapping, `off`" : "mapping"
            case .named: "mapping by name"
            }
        return isRequired ? "\(type), required" : type
    }

    /// The summary as a sentence without Markdown.
    package var sentence: String {
        let plain = Self.plain(summary)
        return plain.prefix(1).uppercased() + plain.dropFirst() + "."
    }

    /// What counts where nothing is written, without Markdown.
    package var unsetInWords: String { Self.plain(unset) }

    /// Markdown without its marks: links become their texts, code loses its backticks.
    private static func plain(_ markdown: String) -> String {
        markdown.replacing("`", with: "").replacing(/\[(.+?)\]\(.+?\)/) { $0.output.1 }
    }

    private static func text(_ duration: Duration) -> String { DurationText.format(duration) }
}
