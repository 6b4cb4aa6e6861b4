// SPDX-License-Identifier: Apache-2.0

/// Where a running agent is looked for.
package struct AgentLookup: Sendable, Hashable {
    /// The environment variable that names the address.
    package static let variable = "MCP_KEEPALIVE_API"

    /// What is tried, one after the other, until something answers.
    package var addresses: [AgentAddress]
    /// Where nothing was, so that it is not worth a try: told with the rest when there is no agent.
    package var absent: [AgentAddress] = []
    /// A person named the one address: `--api` or the variable.
    package var namedBy: String?
    /// Why an address is missing that might be the right one; told with the rest when there is no agent.
    package var remark: String?

    /// A name that is no address.
    package struct Mistake: Error, Hashable {
        package let text: String
        package let namedBy: String
    }

    package init(addresses: [AgentAddress], absent: [AgentAddress] = [], namedBy: String? = nil) {
        self.addresses = addresses
        self.absent = absent
        self.namedBy = namedBy
    }

    /// Finds out what to try: `option` (the value of `--api`), then the environment, then the sockets that exist, of these
    /// `configured` (from the configuration file) first, and for reading the default listener at the end.
    ///
    /// An empty variable counts as unset, and so does `off`, by which `run` is told to have no API.
    /// - Parameters:
    ///   - reads: the request changes nothing, so that a read-only listener will do.
    ///   - configured: asked for the socket of the configuration file only when nobody names an address.
    package static func find(
        option: String?,
        environment: [String: String],
        reads: Bool,
        configured: () -> String?,
        exists: (String) -> Bool
    ) throws(Mistake) -> AgentLookup {
        if let option { return try named(option, by: "--api") }
        if let text = environment[variable], !text.isEmpty, text != "off" { return try named(text, by: "$\(variable)") }
        var paths: [String] = []
        if let path = configured() { paths.append(path) }
        if let folder = environment["XDG_RUNTIME_DIR"], !folder.isEmpty {
            paths.append("\(folder)/mcp-keepalive/api.sock")
        }
        paths.append("/run/mcp-keepalive/api.sock")
        var lookup = AgentLookup(addresses: [])
        for (index, path) in paths.enumerated() where !paths[..<index].contains(path) {
            if exists(path) { lookup.addresses.append(.socket(path)) } else { lookup.absent.append(.socket(path)) }
        }
        if reads { lookup.addresses.append(.defaultListener) }
        return lookup
    }

    private static func named(_ text: String, by name: String) throws(Mistake) -> AgentLookup {
        guard let address = AgentAddress(text) else { throw Mistake(text: text, namedBy: name) }
        return AgentLookup(addresses: [address], namedBy: name)
    }
}
