// SPDX-License-Identifier: Apache-2.0

/// One entry of `headers`: a name, and a value that is kept from being shown.
package struct HeaderConfiguration: Sendable, Hashable {
    /// A token (RFC 9110 section 5.6.2) as it was written; names are unique without regard to case.
    package var name: String
    /// What was written, to be resolved again when the server refused the credential.
    package var template: SecretTemplate
    /// The value as of the last resolution: no control characters but tab.
    package var value: Secret

    package init(name: String, template: SecretTemplate, value: Secret) {
        self.name = name
        self.template = template
        self.value = value
    }

    /// Resolves the template again: the same header with the value of now.
    package func resolvedAgain(
        environment: [String: String],
        readFile: FileReader
    ) throws(SubstitutionError) -> HeaderConfiguration {
        let secret = try template.resolve(environment: environment, readFile: readFile)
        if let problem = secret.reveal(HeaderRules.problem(ofValue:)) {
            throw SubstitutionError("the value of header \(DiagnosticText.quoted(name)) \(problem)")
        }
        return HeaderConfiguration(name: name, template: template, value: secret)
    }
}
