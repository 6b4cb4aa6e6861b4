// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// The whole rendering of each problem: `api`, `state_dir`, `max_idle` and `max_lifetime`.
struct APIErrorTests {
    /// A file with these lines in `api`.
    private static func inAPI(_ lines: String) -> String { "api:\n  \(lines)\n\(oneBackend)" }

    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    @Test func `all problems come in one run`() {
        let outcome = load(
            """
            api:
              listen: 127.0.0.1:70000
              socket: 1
              allowed_users: [a b, -1, 4294967295, [], ~]
              allowed_groups: mcp
              writable: { allowed_hosts: ["agent:80"], token: x }
              max_sessions: 0
              webhook: { headers: { host: x } }
              sockets: 1
            state_dir: []
            defaults: { max_idle: 0s, max_lifetime: 500ms }
            """ + "\n" + oneBackend
        )
        #expect(
            outcome.diagnostics.map(\.message) == [
                "expected an address such as 127.0.0.1:7464, or off, found the text '127.0.0.1:70000': "
                    + "the port is a number from 1 to 65535",
                "expected the path of a socket, or off, found the number 1",
                "expected the name or the id of a user, found the text 'a b'",
                "expected the name or the id of a user, found the number -1",
                "expected the name or the id of a user, found the number 4294967295",
                "expected a text, found a list",
                "expected the name or the id of a user, found nothing",
                "expected a list of groups, found a text",
                "'writable' has no 'listen'",
                "'writable' has no 'token_file'",
                "expected the name of a host such as agent.internal, found the text 'agent:80'",
                "unknown key 'token'",
                "expected a whole number from 1 to 1000000, found the number 0",
                "'webhook' has no 'url'",
                "header 'host' cannot be set",
                "unknown key 'sockets'",
                "expected the path of a folder, or none, found a list",
                "expected a duration such as 30s, 5m or 1h30m, found the text '0s': durations are longer than nothing",
                "expected a duration of at least 1s, found the text '500ms'",
            ]
        )
    }

    @Test func `the path of a socket fits into an address`() {
        let longest = "/" + String(repeating: "s", count: 106)
        #expect(load(Self.inAPI("socket: \(longest)")).diagnostics.isEmpty)
        #expect(
            load(Self.inAPI("socket: \(longest)s")).diagnostics.map(\.message) == [
                "the path of a socket has at most 107 bytes, this one has 108"
            ]
        )
    }

    static let goldens: [Golden] = [
        Golden(
            "a truth value for off",
            "api: false\n" + oneBackend,
            """
            error: expected a mapping or off, found the truth value false
             --> mcp-keepalive.yaml:1:6
              |
            1 | api: false
              |      ^ api
              = help: write off
            """
        ),
        Golden(
            "only a port",
            inAPI("listen: 7464"),
            """
            error: expected an address such as 127.0.0.1:7464, or off, found the number 7464: there is no host
             --> mcp-keepalive.yaml:2:11
              |
            2 |   listen: 7464
              |           ^ api.listen
              = help: write 127.0.0.1:7464, or 0.0.0.0:7464 for all machines
            """
        ),
        Golden(
            "an IPv6 address without brackets",
            inAPI("listen: ::1:7464"),
            """
            error: expected an address such as 127.0.0.1:7464, or off, found the text '::1:7464'
             --> mcp-keepalive.yaml:2:11
              |
            2 |   listen: ::1:7464
              |           ^ api.listen
              = help: an IPv6 address is in brackets, as in "[::1]:7464"
            """
        ),
        Golden(
            "an address for all machines",
            inAPI("listen: 0.0.0.0:7464"),
            """
            warning: the status can be read from other machines, by everybody who reaches 0.0.0.0:7464
             --> mcp-keepalive.yaml:2:11
              |
            2 |   listen: 0.0.0.0:7464
              |           ^ api.listen
              = help: listen on 127.0.0.1:7464, or let a firewall decide who may
            """
        ),
        Golden(
            "a writable address of this machine without a token",
            inAPI("writable: { listen: 127.0.0.1:7465 }"),
            """
            error: 'writable' has no 'token_file'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   writable: { listen: 127.0.0.1:7465 }
              |   ^ api.writable
              = help: without a token every user and every browser of this machine could change the agent's state
            """
        ),
        Golden(
            "a writable address for all machines without a token",
            inAPI("writable: { listen: \"[::]:7465\" }"),
            """
            error: 'writable' has no 'token_file'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   writable: { listen: "[::]:7465" }
              |   ^ api.writable
              = help: without a token every machine that reaches this address could change the agent's state
            """
        ),
        Golden(
            "a writable address for all machines with a token",
            inAPI("writable: { listen: 10.0.0.1:7465, token_file: k.pem }"),
            """
            warning: the token goes over the network to 10.0.0.1:7465 without encryption
             --> mcp-keepalive.yaml:2:23
              |
            2 |   writable: { listen: 10.0.0.1:7465, token_file: ••••
              |                       ^ api.writable.listen
              = help: add tls with a certificate_file and a key_file, or listen on 127.0.0.1:7465
            """
        ),
        Golden(
            "certificates of clients in place of a token, without one of the listener",
            inAPI("writable: { listen: 127.0.0.1:7465, tls: { client_ca_file: k.pem } }"),
            """
            error: 'tls' has no 'certificate_file'
             --> mcp-keepalive.yaml:2:39
              |
            2 |   writable: { listen: 127.0.0.1:7465, tls: { client_ca_file: k.pem } }
              |                                       ^ api.writable.tls
            """
        ),
        Golden(
            "a token in place of its file",
            inAPI("writable: { listen: 127.0.0.1:7465, token_file: hunter2 }"),
            """
            error: cannot read the token file: there is no such file
             --> mcp-keepalive.yaml:2:51
              |
            2 |   writable: { listen: 127.0.0.1:7465, token_file: ••••
              |                                                   ^ api.writable.token_file
            """
        ),
        Golden(
            "a token that others can read",
            inAPI("writable: { listen: 127.0.0.1:7465, token_file: open-token }"),
            """
            warning: the token file can be read by others than its owner
             --> mcp-keepalive.yaml:2:51
              |
            2 |   writable: { listen: 127.0.0.1:7465, token_file: ••••
              |                                                   ^ api.writable.token_file
              = help: chmod 600 it
            """
        ),
        Golden(
            "an address twice",
            inAPI("writable: { listen: 127.0.0.1:7464, token_file: k.pem }"),
            """
            error: 'listen' and 'writable' have the same address
             --> mcp-keepalive.yaml:2:3
              |
            2 |   writable: { listen: 127.0.0.1:7464, token_file: ••••
              |   ^ api.writable
              = help: the read-write API includes the read-only one: write listen: off, or use another port
            """
        ),
        Golden(
            "an address in the wrong place",
            "listen: 127.0.0.1:7464\n" + oneBackend,
            """
            error: unknown key 'listen'
             --> mcp-keepalive.yaml:1:1
              |
            1 | listen: 127.0.0.1:7464
              | ^ listen
              = help: it belongs under 'api'
            """
        ),
        Golden(
            "a misspelled limit",
            inDefaults("max_idel: 2h"),
            """
            error: unknown key 'max_idel'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   max_idel: 2h
              |   ^ defaults.max_idel
              = help: did you mean 'max_idle'?
            """
        ),
    ]
}
