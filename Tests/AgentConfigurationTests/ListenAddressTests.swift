// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7464", "127.0.0.1", 7464), ("localhost:1", "localhost", 1), ("[::1]:65535", "::1", 65_535),
        ("[fe80::1:2]:80", "fe80::1:2", 80), ("agent.internal:7464", "agent.internal", 7464),
        ("0.0.0.0:080", "0.0.0.0", 80),
    ])
    func `reads a host and a port`(text: String, host: String, port: Int) throws {
        #expect(try ListenAddress(parsing: text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        ("", ListenAddress.Problem.host), ("a b:1", .host), ("/run/x:1", .host), ("[]:1", .host), ("[::1:1", .host),
        ("[::g]:1", .host), ("[a]:1", .host), ("*:1", .host), ("7464", .noHost(port: 7464)), (":1", .noHost(port: 1)),
        ("localhost", .noPort), ("[::1]", .noPort), ("a:", .port), ("a:0", .port), ("a:65536", .port), ("a:+1", .port),
        ("a:1a", .port), ("[::1]7464", .port), ("a:000001", .port), ("::1:7464", .brackets), ("http://a:1", .brackets),
    ])
    func `refuses what is no address`(text: String, problem: ListenAddress.Problem) {
        #expect(throws: problem) { try ListenAddress(parsing: text) }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.9", true), ("localhost", true), ("LocalHost", true), ("::1", true),
        ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("127.0.0.1.example", false), ("127.example", false),
        ("127.0.0.256", false),
    ])
    func `knows what only this machine reaches`(host: String, isLoopback: Bool) {
        #expect(ListenAddress(host: host, port: 1).isLoopback == isLoopback)
    }

    @Test func `is written with brackets around an IPv6 address`() {
        #expect(ListenAddress(host: "::1", port: 7464).description == "[::1]:7464")
        #expect(ListenAddress(host: "localhost", port: 7464).description == "localhost:7464")
    }
}
