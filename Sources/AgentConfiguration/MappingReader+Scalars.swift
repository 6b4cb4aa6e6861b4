// SPDX-License-Identifier: Apache-2.0

extension MappingReader {
    /// The scalar of `key` with its substitutions made; `expected` says in words what it should be.
    func scalar(_ key: String, expected: String) -> ScalarValue? {
        guard let entry = entry(key) else { return nil }
        return scalar(entry, expected: expected)
    }

    /// The scalar of `entry` with its substitutions made; `expected` says in words what it should be.
    func scalar(_ entry: YAMLEntry, expected: String) -> ScalarValue? {
        let path = path(of: entry.key)
        let position = entry.value.position
        guard case .scalar(let written) = entry.value.content else {
            context.error("expected \(expected), found \(entry.value.kindInWords)", at: position, path: path)
            return nil
        }
        guard let text = context.expand(written.text, at: position, path: path) else { return nil }
        return ScalarValue(text: text, written: written, position: position, path: path)
    }

    /// A text that is not empty; numbers and truth values are not texts.
    func text(_ key: String, expected: String = "a text") -> Located<String>? {
        guard let scalar = scalar(key, expected: expected) else { return nil }
        guard scalar.kind == .text, !scalar.text.isEmpty else {
            let help = scalar.kind == .text || scalar.kind == .null ? nil : "put it in quotes"
            return reject(scalar, expected: expected, help: help)
        }
        return locate(scalar.text, scalar)
    }

    /// One of the values of an enumeration, by its raw value.
    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Value.Type
    ) -> Located<Value>? {
        let words = Value.allCases.map(\.rawValue)
        let expected = DiagnosticText.alternatives(words)
        guard let scalar = scalar(key, expected: expected) else { return nil }
        if let value = Value(rawValue: scalar.text) { return locate(value, scalar) }
        let meant = scalar.isSubstituted ? nil : Suggestion.closest(to: scalar.text, among: words)
        return reject(scalar, expected: expected, help: meant.map { "did you mean '\($0)'?" })
    }

    /// `true` or `false`.
    func boolean(_ key: String) -> Located<Bool>? {
        guard let scalar = scalar(key, expected: "true or false") else { return nil }
        if scalar.isSubstituted || scalar.kind == .boolean {
            switch scalar.text.lowercased() {
            case "true": return locate(true, scalar)
            case "false": return locate(false, scalar)
            default: break
            }
        }
        let meant: String? =
            switch scalar.text.lowercased() {
            case _ where scalar.isSubstituted: nil
            case "yes", "on", "y", "1": "write true"
            case "no", "off", "n", "0": "write false"
            case "true", "false": "remove the quotes"
            default: nil
            }
        return reject(scalar, expected: "true or false", help: meant)
    }

    /// A whole number within `range`.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Located<Int>? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let scalar = scalar(key, expected: expected) else { return nil }
        guard scalar.isSubstituted || scalar.kind == .number else {
            let isQuotedNumber = scalar.kind == .text && Int(scalar.text) != nil
            return reject(scalar, expected: expected, help: isQuotedNumber ? "remove the quotes" : nil)
        }
        guard let value = decimal(scalar), range.contains(value) else { return reject(scalar, expected: expected) }
        return locate(value, scalar)
    }

    /// A number greater than 0 and at most `most`.
    func positiveNumber(_ key: String, atMost most: Double) -> Located<Double>? {
        let expected = "a number greater than 0 and at most \(Int(most))"
        guard let scalar = scalar(key, expected: expected) else { return nil }
        guard scalar.isSubstituted || scalar.kind == .number else { return reject(scalar, expected: expected) }
        let isDecimal = scalar.text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isDecimal, let value = Double(scalar.text), value > 0, value <= most else {
            return reject(scalar, expected: expected)
        }
        return locate(value, scalar)
    }

    /// A percentage such as `10%`, from 0 % to 100 %, as a fraction.
    func percentage(_ key: String) -> Located<Double>? {
        let expected = "a percentage such as 10%"
        guard let scalar = scalar(key, expected: expected) else { return nil }
        guard scalar.text.utf8.last == 0x25 else {
            let isNumber = scalar.kind == .number
            return reject(scalar, expected: expected, help: isNumber ? "shares are written with a percent sign" : nil)
        }
        let number = scalar.text.utf8.dropLast()
        let isDecimal = number.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isDecimal, let value = Double(String(Substring(number))) else {
            return reject(scalar, expected: expected)
        }
        guard value <= 100 else { return reject(scalar, expected: "a percentage from 0% to 100%") }
        return locate(value / 100, scalar)
    }

    /// Reports that `scalar` is not what was expected.
    func reject<Value>(_ scalar: ScalarValue, expected: String, help: String? = nil) -> Located<Value>? {
        context.error(
            "expected \(expected), found \(scalar.inWords)",
            at: scalar.position,
            path: scalar.path,
            help: help
        )
        return nil
    }

    func locate<Value>(_ value: Value, _ scalar: ScalarValue) -> Located<Value> {
        let isFromFile = scalar.written.text.contains("${file:")
        return Located(value: value, position: scalar.position, path: scalar.path, isFromFile: isFromFile)
    }

    /// A number in plain decimal digits: `0123`, which YAML 1.1 reads as 83, is none.
    private func decimal(_ scalar: ScalarValue) -> Int? {
        guard let value = Int(scalar.text), String(value) == scalar.text else { return nil }
        return value
    }
}
