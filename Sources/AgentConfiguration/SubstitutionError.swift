// SPDX-License-Identifier: Apache-2.0

/// Why a substitution could not be made. Names variables and files, never what is in them.
package struct SubstitutionError: Error, Sendable, Hashable {
    /// What is wrong, in one clause without a final period.
    package var message: String
    /// What can be done about it.
    package var help: String?
    /// Whether `message` or `help` quotes a part of the text, which may have been meant literally.
    var quotesText = false

    init(_ message: String, help: String? = nil, quotesText: Bool = false) {
        self.message = message
        self.help = help
        self.quotesText = quotesText
    }

    /// The same error without quotations, for a text that is a secret.
    var withoutQuotations: SubstitutionError {
        guard quotesText else { return self }
        return SubstitutionError(
            "a substitution that there is not",
            help: "there are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $$ for a dollar sign"
        )
    }
}
