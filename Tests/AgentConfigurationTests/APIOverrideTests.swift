// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

@Suite struct APIOverrideTests {
    private static let address = ListenAddress(host: "127.0.0.1", port: 7470)

    @Test(
        arguments: [
            ("off", .off), ("/run/a.sock", .socket("/run/a.sock")), ("a.sock", .socket("a.sock")),
            ("./a", .socket("./a")), ("127.0.0.1:7470", .listen(address)), ("", nil), ("on", nil), ("7470", nil),
            ("127.0.0.1", nil), ("127.0.0.1:0", nil), ("/" + String(repeating: "a", count: 107), nil),
        ] as [(String, APIOverride?)]
    )
    func `is off, a path or an address`(text: String, expected: APIOverride?) {
        #expect(APIOverride(text) == expected)
    }

    @Test func `the option comes before the environment, of which only off counts`() {
        #expect(
            APIOverride(option: .listen(Self.address), environment: ["MCP_KEEPALIVE_API": "off"])
                == .listen(Self.address)
        )
        #expect(APIOverride(option: nil, environment: ["MCP_KEEPALIVE_API": "off"]) == .off)
        #expect(APIOverride(option: nil, environment: ["MCP_KEEPALIVE_API": "/run/a.sock"]) == nil)
        #expect(APIOverride(option: nil, environment: [:]) == nil)
    }

    @Test func `changes what it is about and nothing else`() throws {
        let outcome = load("api: { listen: 127.0.0.1:1, socket: off, max_sessions: 7 }\n" + oneBackend)
        let written = try #require(outcome.configuration)
        var configuration = written
        configuration.obey(nil)
        #expect(configuration == written)
        configuration.obey(.socket("/a.sock"))
        #expect(configuration.api.socketPath(environment: [:]) == "/a.sock")
        #expect(configuration.api.listen?.port == 1 && configuration.api.maxSessions == 7)
        configuration.obey(.listen(Self.address))
        #expect(configuration.api.listen == Self.address && configuration.api.isListenWritten)
        #expect(configuration.api.socketPath(environment: [:]) == "/a.sock")
        configuration.obey(.off)
        #expect(configuration.api == .off)
    }
}
