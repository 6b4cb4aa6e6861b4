// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI

extension ControlProblem {
    /// How many names are listed.
    private static let mostNames = 10
    /// How many characters of a name are told.
    private static let longestName = 100

    /// A backend that is not configured, with the one that was probably meant, or those that there are.
    static func noBackend(_ name: String, among names: [String]) -> ControlProblem {
        let known = names.sorted()
        var hint = "it has none"
        if let meant = Suggestion.closest(to: name, among: known) {
            hint = "did you mean '\(meant)'?"
        } else if !known.isEmpty {
            let others = known.count - mostNames
            hint =
                "it has \(known.prefix(mostNames).joined(separator: ", "))" + (others > 0 ? " and \(others) more" : "")
        }
        return ControlProblem(
            .noSuchBackend,
            "the configuration has no backend '\(name.prefix(longestName))'; \(hint)"
        )
    }
}

extension Reactor {
    /// What to say of a backend that is not configured.
    func noBackend(_ name: String) -> ControlProblem { .noBackend(name, among: Array(indices.keys)) }
}
