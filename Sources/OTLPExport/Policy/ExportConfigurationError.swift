// SPDX-License-Identifier: Apache-2.0

/// Why a configuration cannot be used.
public struct ExportConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in words; no credentials.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
