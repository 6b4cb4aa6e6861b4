// SPDX-License-Identifier: Apache-2.0

/// One header field of a request or a response.
package struct HeaderField: Sendable, Hashable {
    /// The name, in the case in which it is sent or was received.
    package var name: String
    /// The value; often a secret in a request, so a description of the field leaves it out.
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension HeaderField: CustomStringConvertible, CustomDebugStringConvertible {
    /// The name alone.
    package var description: String { "\(name): ••••" }

    /// The name alone.
    package var debugDescription: String { description }
}
