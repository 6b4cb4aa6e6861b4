// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

/// One configured MCP server, as its requests see it; confined to the actor that owns the pool.
final class Backend {
    let configuration: BackendConfiguration
    let endpoint: Endpoint
    /// The tool of keepalives, rendered.
    let tool: MCPWire.ToolCall?
    /// The backend's headers as of the last resolution.
    private(set) var ownHeaders: [HeaderConfiguration]
    /// The same as they are sent.
    private(set) var headers: [HeaderField]
    /// Which headers these are, counted from 1.
    private(set) var headersRevision: UInt32 = 1
    /// Whether it was looked up that the tool exists and is read-only.
    var toolWasLookedUp = false

    /// Connections beyond the cap on keepalives, so that opening and closing sessions never waits for keepalives.
    static let controlConnections = 4

    /// - Parameter before: the backend as it was configured until now. Its connections are used on where they lead to the same
    ///   server in the same way.
    /// - Throws: when libcurl refuses the URL or a TLS file.
    init(
        _ configuration: BackendConfiguration,
        pool: TransferPool,
        before: Backend? = nil
    ) throws(TransferError) {
        self.configuration = configuration
        tool = configuration.tool.map { MCPWire.ToolCall(name: $0.name, arguments: $0.arguments.json) }
        ownHeaders = configuration.headers
        headers = Self.fields(configuration.headers)
        if let before {
            headersRevision = before.headersRevision + (before.ownHeaders == configuration.headers ? 0 : 1)
            toolWasLookedUp =
                before.toolWasLookedUp && before.configuration.tool == configuration.tool
                && before.configuration.url == configuration.url
        }
        if let before, before.configuration.hasSameConnections(as: configuration) {
            endpoint = before.endpoint
        } else {
            endpoint = try Self.endpoint(configuration, pool)
        }
    }

    private static func endpoint(
        _ configuration: BackendConfiguration,
        _ pool: TransferPool
    ) throws(TransferError) -> Endpoint {
        let tls = configuration.tls
        return try pool.endpoint(
            EndpointOptions(
                url: configuration.url,
                userAgent: AgentVersion.userAgent,
                headers: [
                    HeaderField(name: "Content-Type", value: "\(StreamableHTTPHeader.contentTypeValue)"),
                    // Streamable HTTP, "Sending Messages to the Server": the client MUST list both.
                    HeaderField(name: "Accept", value: "\(StreamableHTTPHeader.acceptValue)"),
                ],
                tls: TLSOptions(
                    caFile: tls.caFile,
                    clientCertificateFile: tls.clientCertificateFile,
                    clientKeyFile: tls.clientKeyFile,
                    insecureSkipVerify: tls.insecureSkipVerify
                ),
                maxConnections: configuration.policy.maxRequestsInFlight + controlConnections
            )
        )
    }

    /// Takes over newly resolved headers.
    func replaceHeaders(_ configurations: [HeaderConfiguration]) {
        ownHeaders = configurations
        headers = Self.fields(configurations)
        headersRevision += 1
    }

    /// The headers of a session that has its own: they count instead of the backend's of the same name.
    func headers(overriddenBy session: [HeaderConfiguration]) -> [HeaderField]? {
        if session.isEmpty { return nil }
        let names = Set(session.map { $0.name.lowercased() })
        return headers.filter { !names.contains($0.name.lowercased()) } + Self.fields(session)
    }

    private static func fields(_ configurations: [HeaderConfiguration]) -> [HeaderField] {
        configurations.map { header in HeaderField(name: header.name, value: header.value.reveal { $0 }) }
    }
}

extension BackendConfiguration {
    /// Whether the connections of one configuration serve the other as well.
    fileprivate func hasSameConnections(as other: BackendConfiguration) -> Bool {
        url == other.url && tls == other.tls && policy.maxRequestsInFlight == other.policy.maxRequestsInFlight
    }
}
