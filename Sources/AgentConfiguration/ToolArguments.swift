// SPDX-License-Identifier: Apache-2.0

/// The arguments of a tool as JSON. They can hold handles and other secrets, so they print as `••••`.
package struct ToolArguments: Sendable, Hashable, Redacted {
    /// One JSON object in UTF-8, without white space between its tokens.
    package let json: [UInt8]

    /// No arguments: `{}`.
    package init() {
        json = [0x7B, 0x7D]
    }

    /// Takes `json` as it is; it must be one valid JSON object.
    package init(json: [UInt8]) {
        self.json = json
    }
}
