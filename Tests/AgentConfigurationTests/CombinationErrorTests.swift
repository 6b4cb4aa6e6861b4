// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: settings that exclude each other.
struct CombinationErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "an endpoint beside a directory",
            inTelemetry("{ endpoint: http://collector:4318, directory: telemetry }"),
            """
            error: 'directory' together with 'endpoint'
             --> mcp-keepalive.yaml:2:49
              |
            2 |   { endpoint: http://collector:4318, directory: telemetry }
              |                                                 ^ telemetry.directory
              = help: telemetry is either written to files or sent
            """
        ),
        Golden(
            "a fallback beside a tool",
            inBackend("keepalive_method: tool:x\nfallback_tool: { name: y }"),
            """
            error: 'fallback_tool' together with 'keepalive_method: tool:…'
             --> mcp-keepalive.yaml:5:5
              |
            5 |     fallback_tool: { name: y }
              |     ^ backends.a.fallback_tool
              = help: a fallback is for 'keepalive_method: ping' only
            """
        ),
        Golden(
            "a fallback beside none",
            inBackend("keepalive_method: none\nfallback_tool: { name: y }"),
            """
            error: 'fallback_tool' together with 'keepalive_method: none'
             --> mcp-keepalive.yaml:5:5
              |
            5 |     fallback_tool: { name: y }
              |     ^ backends.a.fallback_tool
              = help: a fallback is for 'keepalive_method: ping' only
            """
        ),
        Golden(
            "a fallback beside an inherited tool",
            "defaults: { keepalive_method: tool:x }\n" + inBackend("fallback_tool: { name: y }"),
            """
            error: 'fallback_tool' together with 'keepalive_method: tool:…'
             --> mcp-keepalive.yaml:5:5
              |
            5 |     fallback_tool: { name: y }
              |     ^ backends.a.fallback_tool
              = help: a fallback is for 'keepalive_method: ping' only
            """
        ),
        Golden(
            "a fallback without a name",
            inBackend("fallback_tool: { arguments: {} }"),
            """
            error: 'fallback_tool' has no 'name'
             --> mcp-keepalive.yaml:4:5
              |
            4 |     fallback_tool: { arguments: {} }
              |     ^ backends.a.fallback_tool
            """
        ),
        Golden(
            "a fallback as a text",
            inBackend("fallback_tool: list_tabs"),
            """
            error: expected a mapping, found a text
             --> mcp-keepalive.yaml:4:20
              |
            4 |     fallback_tool: list_tabs
              |                    ^ backends.a.fallback_tool
              = help: write { name: <name of the tool> }
            """
        ),
        Golden(
            "arguments without a tool",
            inBackend("tool_arguments: { a: 1 }"),
            """
            error: 'tool_arguments' without 'keepalive_method: tool:<name>'
             --> mcp-keepalive.yaml:4:5
              |
            4 |     tool_arguments: { a: ••••
              |     ^ backends.a.tool_arguments
              = help: the arguments of a fallback go into 'fallback_tool', as 'arguments'
            """
        ),
        Golden(
            "arguments with none",
            inBackend("keepalive_method: none\ntool_arguments: { a: 1 }"),
            """
            error: 'tool_arguments' without 'keepalive_method: tool:<name>'
             --> mcp-keepalive.yaml:5:5
              |
            5 |     tool_arguments: { a: ••••
              |     ^ backends.a.tool_arguments
            """
        ),
        Golden(
            "arguments as a list",
            inBackend("keepalive_method: tool:x\ntool_arguments: [1]"),
            """
            error: expected a mapping of arguments, found a list
             --> mcp-keepalive.yaml:5:21
              |
            5 |     tool_arguments: [••••
              |                     ^ backends.a.tool_arguments
            """
        ),
        Golden(
            "an argument that JSON cannot have",
            inBackend("keepalive_method: tool:x\ntool_arguments:\n  a: 1\n  b: 0x1F"),
            """
            error: a number that JSON does not have
             --> mcp-keepalive.yaml:7:10
              |
            7 |       b: ••••
              |          ^ backends.a.tool_arguments.b
              = help: write it in decimal without a leading '+', '.' or '0', or in quotes as a text
            """
        ),
        Golden(
            "own sessions of a stateless backend",
            inBackend("stateful: false\nown_sessions: 1"),
            """
            error: 'own_sessions' together with 'stateful: false'
             --> mcp-keepalive.yaml:5:5
              |
            5 |     own_sessions: 1
              |     ^ backends.a.own_sessions
              = help: a backend without sessions has none to open
            """
        ),
        Golden(
            "a key without a certificate",
            inEncryptedBackend("tls: { client_key_file: k.pem }"),
            """
            error: client_key_file without client_certificate_file
             --> mcp-keepalive.yaml:4:12
              |
            4 |     tls: { client_key_file: k.pem }
              |            ^ backends.a.tls.client_key_file
              = help: a key is of use only together with its certificate
            """
        ),
        Golden(
            "an unreadable authority",
            inEncryptedBackend("tls: { ca_file: missing.pem }"),
            """
            error: cannot read 'missing.pem': there is no such file
             --> mcp-keepalive.yaml:4:21
              |
            4 |     tls: { ca_file: missing.pem }
              |                     ^ backends.a.tls.ca_file
            """
        ),
    ]
}
