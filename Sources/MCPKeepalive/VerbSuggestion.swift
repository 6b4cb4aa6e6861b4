// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration

/// What to say about a verb that does not exist; ArgumentParser suggests options but not subcommands.
struct VerbSuggestion {
    let message: String
    let help: String

    /// Nil when the first argument is an option, a known verb, or missing.
    init?(arguments: [String], verbs: [String]) {
        guard let verb = arguments.first, !verb.hasPrefix("-"), !verbs.contains(verb) else { return nil }
        let likely = Suggestion.closest(to: verb, among: verbs)
        message = "there is no verb '\(verb)'" + (likely.map { "; did you mean '\($0)'?" } ?? "")
        help = "the verbs are \(verbs.joined(separator: ", "))"
    }
}
