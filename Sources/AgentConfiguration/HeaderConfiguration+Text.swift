// SPDX-License-Identifier: Apache-2.0

extension HeaderConfiguration {
    /// A header that a client of the local API gave: a name, and a value with substitutions as in the configuration file.
    ///
    /// There is no file that paths could be relative to, so they have to be absolute.
    package init(
        name: String,
        text: String,
        environment: [String: String],
        readFile: FileReader
    ) throws(SubstitutionError) {
        if let problem = HeaderRules.problem(ofName: name) {
            throw SubstitutionError(problem.help.map { "\(problem.message): \($0)" } ?? problem.message)
        }
        do throws(SubstitutionError) {
            let template = try SecretTemplate(parsing: text, in: "/")
            guard !text.contains("${file:") || !Self.hasRelativePath(text) else {
                throw SubstitutionError("the path in ${file:…} has to be absolute")
            }
            let empty = HeaderConfiguration(name: name, template: template, value: Secret(""))
            self = try empty.resolvedAgain(environment: environment, readFile: readFile)
        } catch {
            let shown = error.withoutQuotations
            let help = shown.help.map { "; \($0)" } ?? ""
            throw SubstitutionError("\(name): \(shown.message)\(help)")
        }
    }

    /// The same header although its secret cannot be read: without a value, until it can.
    package init(unresolved name: String, text: String) throws(SubstitutionError) {
        self.init(name: name, template: try SecretTemplate(parsing: text, in: "/"), value: Secret(""))
    }

    private static func hasRelativePath(_ text: String) -> Bool {
        let pieces = text.split(separator: "${file:", omittingEmptySubsequences: false).dropFirst()
        return pieces.contains { !$0.hasPrefix("/") }
    }
}
