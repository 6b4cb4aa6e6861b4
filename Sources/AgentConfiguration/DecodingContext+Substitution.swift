// SPDX-License-Identifier: Apache-2.0

extension DecodingContext {
    /// Makes the substitutions of a text; nil when one could not be made, which is then reported.
    func expand(_ text: String, at position: SourcePosition, path: String, isSecret: Bool = false) -> String? {
        guard text.utf8.contains(0x24) else { return text }
        do {
            return try expand(SecretTemplate(parsing: text, in: source.file), at: position, path: path)
        } catch {
            let shown = isSecret ? error.withoutQuotations : error
            self.error(shown.message, at: position, path: path, help: shown.help)
            return nil
        }
    }

    /// Makes the substitutions of a template; warns of files that others can read.
    private func expand(
        _ template: SecretTemplate,
        at position: SourcePosition,
        path: String
    ) throws(SubstitutionError) -> String {
        let expansion = try template.expand(environment: environment, readFile: readFile)
        for exposed in expansion.filesReadableByOthers {
            warning(
                "the secret file \(DiagnosticText.quoted(exposed)) can be read by others than its owner",
                at: position,
                path: path,
                help: "chmod 600 \(exposed)"
            )
        }
        return expansion.text
    }

    /// Decodes one header; nil when it cannot be sent, which is then reported.
    func header(
        _ name: String,
        _ value: String,
        namePosition: SourcePosition,
        valuePosition: SourcePosition,
        path: String
    ) -> HeaderConfiguration? {
        if let problem = HeaderRules.problem(ofName: name) {
            error(problem.message, at: namePosition, path: path, help: problem.help)
            return nil
        }
        do {
            let template = try SecretTemplate(parsing: value, in: source.file)
            let text = try expand(template, at: valuePosition, path: path)
            if let problem = HeaderRules.problem(ofValue: text) {
                error("the value of header '\(name)' \(problem)", at: valuePosition, path: path)
                return nil
            }
            return HeaderConfiguration(name: name, template: template, value: Secret(text))
        } catch {
            let shown = error.withoutQuotations
            self.error(shown.message, at: valuePosition, path: path, help: shown.help)
            return nil
        }
    }
}
