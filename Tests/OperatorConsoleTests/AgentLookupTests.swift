// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Testing

@Suite struct AgentLookupTests {
    private static let environment = ["MCP_KEEPALIVE_API": "", "XDG_RUNTIME_DIR": "/run/user/1000"]
    private static let user = "/run/user/1000/mcp-keepalive/api.sock"
    private static let system = "/run/mcp-keepalive/api.sock"

    private func find(
        _ option: String? = nil,
        _ environment: [String: String] = environment,
        reads: Bool = true,
        configured: String? = nil,
        existing: Set<String> = []
    ) throws(AgentLookup.Mistake) -> AgentLookup {
        try AgentLookup.find(
            option: option,
            environment: environment,
            reads: reads,
            configured: { configured },
            exists: { existing.contains($0) }
        )
    }

    @Test func `what a person names is the only address`() throws {
        let named = ["MCP_KEEPALIVE_API": "10.0.0.1:7464"]
        #expect(
            try find("/tmp/a.sock", named, configured: "/tmp/b.sock")
                == AgentLookup(addresses: [.socket("/tmp/a.sock")], namedBy: "--api")
        )
        #expect(
            try find(nil, named, configured: "/tmp/b.sock")
                == AgentLookup(addresses: [.listener("10.0.0.1:7464")], namedBy: "$MCP_KEEPALIVE_API")
        )
    }

    @Test func `else the sockets that exist are tried in order, and the listener to read`() throws {
        let all: Set = ["/srv/api.sock", Self.user, Self.system]
        let sockets: [AgentAddress] = [.socket("/srv/api.sock"), .socket(Self.user), .socket(Self.system)]
        #expect(try find(configured: "/srv/api.sock", existing: all).addresses == sockets + [.defaultListener])
        #expect(try find(reads: false, configured: "/srv/api.sock", existing: all).addresses == sockets)
    }

    @Test func `places where nothing is are remembered, each once`() throws {
        let lookup = try find(configured: Self.system)
        #expect(lookup.addresses == [.defaultListener])
        #expect(lookup.absent == [.socket(Self.system), .socket(Self.user)])
        #expect(try find(nil, [:], reads: false).absent == [.socket(Self.system)])
    }

    @Test(
        arguments: [
            ("/run/a.sock", .socket("/run/a.sock")), ("unix:a", .socket("a")), ("a.sock", .socket("a.sock")),
            ("./a:1", .socket("./a:1")), ("127.0.0.1:7464", .listener("127.0.0.1:7464")),
            ("[::1]:80", .listener("[::1]:80")),
            ("http://localhost:7464/", .listener("localhost:7464")),
            ("", nil), ("localhost", nil), ("localhost:0", nil), ("localhost:70000", nil),
            ("https://localhost:7464", nil),
            ("user@host:80", nil), ("::1:80", nil), ("http://host:80/path", nil), (":80", nil),
        ] as [(String, AgentAddress?)]
    )
    func `an address is a socket or a listener`(text: String, address: AgentAddress?) throws {
        #expect(AgentAddress(text) == address)
        if let address {
            #expect(AgentAddress(address.description) == address || text == "unix:a")
        } else {
            let mistake = #expect(throws: AgentLookup.Mistake.self) { try find(text) }
            #expect(mistake?.text == text && mistake?.namedBy == "--api")
        }
    }
}
