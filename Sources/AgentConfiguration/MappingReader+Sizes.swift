// SPDX-License-Identifier: Apache-2.0

extension MappingReader {
    /// A size such as `64MiB` in bytes, within `range`.
    func size(_ key: String, in range: ClosedRange<Int>) -> Located<Int>? {
        let expected = "a size such as 64MiB"
        guard let scalar = scalar(key, expected: expected) else { return nil }
        do {
            let value = try SizeText.parse(scalar.text)
            guard range.contains(value) else {
                let (least, most) = (SizeText.format(range.lowerBound), SizeText.format(range.upperBound))
                return reject(scalar, expected: "a size from \(least) to \(most)")
            }
            return locate(value, scalar)
        } catch {
            report(error, of: scalar, expected: expected)
            return nil
        }
    }

    private func report(_ problem: SizeText.Problem, of scalar: ScalarValue, expected: String) {
        // The texts within a problem are parts of the value, which may be a secret when it was substituted.
        var detail = ""
        var help: String? = "units are KiB, MiB and GiB"
        switch problem {
        case .malformed: help = nil
        case .noUnit: detail = ": sizes carry units"
        case .tooLarge:
            detail = ": that is too large"
            help = nil
        case .unknownUnit(let unit, let meant):
            if !scalar.isSubstituted { detail = ": there is no unit \(DiagnosticText.quoted(unit))" }
            if let meant { help = "did you mean '\(meant)'? Units are KiB, MiB and GiB" }
        }
        context.error(
            "expected \(expected), found \(scalar.inWords)\(detail)",
            at: scalar.position,
            path: scalar.path,
            help: help
        )
    }
}
