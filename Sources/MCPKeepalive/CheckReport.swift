// SPDX-License-Identifier: Apache-2.0

/// The lines of `check`, one per thing that was checked.
struct CheckReport {
    /// What came of one check.
    enum Mark: String {
        case passed = "✓"
        case failed = "✗"
        case off = "–"
    }

    /// One line's worth.
    struct Finding: Sendable {
        let mark: Mark
        let text: String

        init(_ mark: Mark, _ text: String) {
            self.mark = mark
            self.text = text
        }
    }

    /// The width of the column of names.
    let width: Int

    func say(_ mark: Mark, _ name: String, _ text: String) {
        say(Finding(mark, text), name)
    }

    func say(_ finding: Finding, _ name: String) {
        let padding = String(repeating: " ", count: max(0, width - name.count))
        Terminal.say("\(finding.mark.rawValue) \(name)\(padding)  \(finding.text)")
    }
}
