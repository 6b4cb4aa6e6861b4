// SPDX-License-Identifier: Apache-2.0

/// A text as it was written, with `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}` still in it.
///
/// Kept so that it can be resolved again when a credential was refused: the file may have been rotated meanwhile.
/// What was written can itself be a secret, so it prints as `••••`.
package struct SecretTemplate: Sendable, Hashable, Redacted {
    let parts: [TemplatePart]

    /// Parses `text`; `file` is the file that it is written in, which relative paths are relative to.
    package init(parsing text: String, in file: String) throws(SubstitutionError) {
        parts = try TemplatePart.parse(text, in: file)
    }

    /// Whether resolving it again can give another text: whether a file is read.
    package var canChange: Bool {
        parts.contains { if case .file = $0 { true } else { false } }
    }

    /// Replaces all substitutions; a file is read anew on every call and loses one trailing newline.
    package func resolve(
        environment: [String: String],
        readFile: FileReader
    ) throws(SubstitutionError) -> Secret {
        Secret(try expand(environment: environment, readFile: readFile).text)
    }

    /// Replaces all substitutions and tells which of the files that were read others than their owner can read.
    func expand(
        environment: [String: String],
        readFile: FileReader
    ) throws(SubstitutionError) -> (text: String, filesReadableByOthers: [String]) {
        var text = ""
        var exposed: [String] = []
        for part in parts {
            switch part {
            case .literal(let literal):
                text += literal
            case .variable(let name, let fallback):
                text += try TemplatePart.variable(name, fallback: fallback, in: environment)
            case .file(let path):
                let contents = try TemplatePart.secretFile(path, readFile: readFile)
                text += contents.text
                if contents.readableByOthers { exposed.append(path) }
            }
        }
        return (text, exposed)
    }
}
