// SPDX-License-Identifier: Apache-2.0

extension MappingReader {
    /// A duration such as `30s`, within `range`.
    func duration(
        _ key: String,
        from shortest: Duration = .milliseconds(1),
        to longest: Duration = DurationText.longest
    ) -> Located<Duration>? {
        let expected = "a duration such as 30s, 5m or 1h30m"
        guard let scalar = scalar(key, expected: expected) else { return nil }
        let value: Duration
        do {
            value = try DurationText.parse(scalar.text)
        } catch {
            report(error, of: scalar, expected: expected)
            return nil
        }
        guard value >= shortest else {
            return reject(scalar, expected: "a duration of at least \(DurationText.format(shortest))")
        }
        guard value <= longest else {
            return reject(scalar, expected: "a duration of at most \(DurationText.format(longest))")
        }
        return locate(value, scalar)
    }

    private func report(_ problem: DurationText.Problem, of scalar: ScalarValue, expected: String) {
        // The texts within a problem are parts of the value, which may be a secret when it was substituted.
        var detail = ""
        var help: String?
        switch problem {
        case .noUnit: detail = ": durations carry units"
        case .blank: detail = ": durations have no blanks"
        case .negative: detail = ": durations are positive"
        case .zero: detail = ": durations are longer than nothing"
        case .tooLong: detail = ": the longest duration is \(DurationText.format(DurationText.longest))"
        case .order: detail = ": larger units come first, and each once"
        case .malformed: break
        case .unknownUnit(let unit, let meant):
            if !scalar.isSubstituted { detail = ": there is no unit \(DiagnosticText.quoted(unit))" }
            help = meant.map { "did you mean '\($0)'? Units are ms, s, m, h and d" } ?? "units are ms, s, m, h and d"
        }
        context.error(
            "expected \(expected), found \(scalar.inWords)\(detail)",
            at: scalar.position,
            path: scalar.path,
            help: help
        )
    }
}
