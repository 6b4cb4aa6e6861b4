// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration

/// What to say about a verb that does not exist; ArgumentParser suggests options but not subcommands.
struct VerbSuggestion {
    let message: String
    let help: String

    /// Nil when the first argument is an option, a known verb, or missing, and so is the second below a verb that has verbs.
    /// - Parameter below: the verbs that have verbs, with those.
    init?(arguments: [String], verbs: [String], below: [String: [String]] = [:]) {
        guard let verb = arguments.first, !verb.hasPrefix("-") else { return nil }
        if verbs.contains(verb) {
            guard let verbs = below[verb] else { return nil }
            self.init(arguments.dropFirst().first, among: verbs, "'\(verb)' has no verb")
        } else {
            self.init(verb, among: verbs, "there is no verb")
        }
    }

    private init?(_ verb: String?, among verbs: [String], _ words: String) {
        guard let verb, !verb.hasPrefix("-"), !verbs.contains(verb) else { return nil }
        let likely = Suggestion.closest(to: verb, among: verbs)
        message = "\(words) '\(verb)'" + (likely.map { "; did you mean '\($0)'?" } ?? "")
        help = "the verbs are \(verbs.joined(separator: ", "))"
    }
}
