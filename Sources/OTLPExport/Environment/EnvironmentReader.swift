// SPDX-License-Identifier: Apache-2.0

/// Reads environment variables by the rules that all of them share, and collects what is wrong with them (OpenTelemetry
/// specification, "Environment Variable Specification").
struct EnvironmentReader {
    private let variables: [String: String]
    private(set) var problems: [EnvironmentProblem] = []

    /// As good as forever; libcurl takes no more milliseconds than fit into 31 bits on some platforms.
    static let longest: Duration = .seconds(24 * 86_400)

    init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The value without blanks around it; nil when there is none: an empty value is an unset one.
    func text(_ name: String) -> String? {
        let text = (variables[name] ?? "").trimmed
        return text.isEmpty ? nil : String(text)
    }

    mutating func warn(_ name: String, _ message: String) {
        problems.append(EnvironmentProblem(.warning, name, message))
    }

    mutating func fail(_ name: String, _ message: String) {
        problems.append(EnvironmentProblem(.error, name, message))
    }

    /// "Boolean": true is `true` in any case and nothing else is.
    mutating func boolean(_ name: String) -> Bool {
        guard let text = text(name) else { return false }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            warn(name, "\(text.quoted) is neither 'true' nor 'false'; it counts as false")
            return false
        }
    }

    /// "Numeric": a whole number that is not negative.
    mutating func count(_ name: String, from minimum: Int = 0) -> Int? {
        guard let text = text(name) else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number >= minimum else {
            warn(name, "\(text.quoted) is not a whole number from \(minimum) on; it is ignored")
            return nil
        }
        return number
    }

    /// "Duration": milliseconds. What is longer than 24 days is 24 days.
    mutating func milliseconds(_ name: String, from minimum: Int = 0) -> Duration? {
        count(name, from: minimum).map { min(.milliseconds($0), Self.longest) }
    }

    /// "Timeout": milliseconds, 0 for no limit.
    mutating func timeout(_ name: String) -> Duration? {
        milliseconds(name).map { $0 == .zero ? Self.longest : $0 }
    }

    /// "Enum": one of these words in any case.
    mutating func choice<Value>(_ name: String, _ values: KeyValuePairs<String, Value>) -> Value? {
        guard let text = text(name) else { return nil }
        let word = text.lowercased()
        if let match = values.first(where: { $0.key == word }) { return match.value }
        warn(name, "\(text.quoted) is not one of \(values.map(\.key).joined(separator: ", ")); it is ignored")
        return nil
    }

    /// The same for enumerations whose raw values are the words.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, of type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let text = text(name) else { return nil }
        if let match = Value(rawValue: text.lowercased()) { return match }
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        warn(name, "\(text.quoted) is not one of \(words); it is ignored")
        return nil
    }
}

extension StringProtocol {
    /// Without blanks and tabs around it.
    var trimmed: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start }
        return start[...last]
    }

    /// In quotes, cut at 40 characters, fit for a terminal.
    var quoted: String {
        var shown = "'"
        for scalar in unicodeScalars.prefix(40) {
            shown.unicodeScalars.append((0x20..<0x7F).contains(scalar.value) ? scalar : "?")
        }
        return shown + (unicodeScalars.count > 40 ? "…'" : "'")
    }
}
