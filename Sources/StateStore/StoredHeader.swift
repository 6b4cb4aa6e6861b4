// SPDX-License-Identifier: Apache-2.0

/// A header that a session's keepalives carry, as its registration gave it.
package struct StoredHeader: Sendable, Hashable {
    /// The header's name.
    package var name: String
    /// The text as it was given, substitutions unresolved. It may hold a credential.
    package var template: String

    /// A header of a session.
    package init(name: String, template: String) {
        self.name = name
        self.template = template
    }
}

extension StoredHeader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name; the text is a secret.
    package var description: String { "\(name): ••••" }

    /// The name; the text is a secret.
    package var debugDescription: String { description }

    /// Has no children, so that `dump` and test failures show nothing either.
    package var customMirror: Mirror { Mirror(self, children: [] as [Mirror.Child]) }
}
