// SPDX-License-Identifier: Apache-2.0

/// Where the configuration file is looked for.
package enum ConfigurationLookup {
    /// The environment variable that names the file.
    package static let variable = "MCP_KEEPALIVE_CONFIG"

    /// The places that are tried, in this order, when nobody names a file.
    package static let defaultPaths = ["./mcp-keepalive.yaml", "/etc/mcp-keepalive/mcp-keepalive.yaml"]

    /// What the lookup came to.
    package enum Result: Sendable, Hashable {
        /// This file was named by a person, who must be told when it does not exist; `by` is `-c` or the variable.
        case named(String, by: String)
        /// This file was found at one of the default places.
        case found(String)
        /// Nobody named a file, and none of these exist.
        case missing(tried: [String])
    }

    /// Finds the file: `option` (the value of `-c`), then the environment, then the first default place that `exists`.
    ///
    /// An empty variable counts as unset.
    package static func find(
        option: String?,
        environment: [String: String],
        exists: (String) -> Bool
    ) -> Result {
        if let option { return .named(option, by: "-c") }
        if let path = environment[variable], !path.isEmpty { return .named(path, by: variable) }
        if let path = defaultPaths.first(where: exists) { return .found(path) }
        return .missing(tried: defaultPaths)
    }
}
