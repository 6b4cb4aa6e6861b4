// SPDX-License-Identifier: Apache-2.0

/// A value that must never be shown: every way of printing it gives the same four dots.
package protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// What is printed instead of the value.
    package var description: String { redactedText }

    /// What is printed instead of the value.
    package var debugDescription: String { redactedText }

    /// Has no children, so that `dump` and test failures show nothing either.
    package var customMirror: Mirror { Mirror(self, children: [] as [Mirror.Child]) }
}

/// What stands in for every secret, wherever it would be shown.
package let redactedText = "••••"
