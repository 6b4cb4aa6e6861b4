// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: keys that there are not, and files without any.
struct KeyErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "an empty file",
            "",
            """
            error: the file is empty
             --> mcp-keepalive.yaml:1:1
              |
            1 |
              | ^
              = help: it needs at least the key 'backends'
            """
        ),
        Golden(
            "only a comment",
            "# nothing\n",
            """
            error: the file is empty
             --> mcp-keepalive.yaml:1:1
              |
            1 | # nothing
              | ^
              = help: it needs at least the key 'backends'
            """
        ),
        Golden(
            "a list at the top",
            "- a\n- b\n",
            """
            error: expected a mapping, found a list
             --> mcp-keepalive.yaml:1:1
              |
            1 | - a
              | ^
            """
        ),
        Golden(
            "an unknown key at the top",
            oneBackend + "telemtry:\n  interval: 15s\n",
            """
            error: unknown key 'telemtry'
             --> mcp-keepalive.yaml:2:1
              |
            2 | telemtry:
              | ^ telemtry
              = help: did you mean 'telemetry'?
            """
        ),
        Golden(
            "an unknown key without a likely meaning",
            oneBackend + "zebra: 1\n",
            """
            error: unknown key 'zebra'
             --> mcp-keepalive.yaml:2:1
              |
            2 | zebra: 1
              | ^ zebra
              = help: known keys are api, backends, defaults, sessions_file, state_dir, telemetry, version
            """
        ),
        Golden(
            "a key in the wrong place",
            oneBackend + "interval: 5m\n",
            """
            error: unknown key 'interval'
             --> mcp-keepalive.yaml:2:1
              |
            2 | interval: 5m
              | ^ interval
              = help: it belongs under 'defaults'
            """
        ),
        Golden(
            "a key of a backend in defaults",
            inDefaults("own_sessions: 1"),
            """
            error: unknown key 'own_sessions'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   own_sessions: 1
              |   ^ defaults.own_sessions
              = help: 'own_sessions' belongs to a single backend
            """
        ),
        Golden(
            "an unknown key in telemetry",
            inTelemetry("compresion: gzip"),
            """
            error: unknown key 'compresion'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   compresion: gzip
              |   ^ telemetry.compresion
              = help: did you mean 'compression'?
            """
        ),
        Golden(
            "an unknown key in a backend",
            inBackend("sessionTTL: 30m"),
            """
            error: unknown key 'sessionTTL'
             --> mcp-keepalive.yaml:4:5
              |
            4 |     sessionTTL: 30m
              |     ^ backends.a.sessionTTL
              = help: did you mean 'session_ttl'?
            """
        ),
        Golden(
            "an unknown key in tls",
            inEncryptedBackend("tls: { ca: ca.pem }"),
            """
            error: unknown key 'ca'
             --> mcp-keepalive.yaml:4:12
              |
            4 |     tls: { ca: ca.pem }
              |            ^ backends.a.tls.ca
              = help: known keys are ca_file, client_certificate_file, client_key_file, insecure_skip_verify
            """
        ),
        Golden(
            "an unknown key in a fallback tool",
            inBackend("fallback_tool: { name: x, argument: {} }"),
            """
            error: unknown key 'argument'
             --> mcp-keepalive.yaml:4:31
              |
            4 |     fallback_tool: { name: x, argument: {} }
              |                               ^ backends.a.fallback_tool.argument
              = help: did you mean 'arguments'?
            """
        ),
        Golden(
            "a key that is not a text",
            oneBackend + "? [a, b]\n: 1\n",
            """
            error: a key must be a text
             --> mcp-keepalive.yaml:2:3
              |
            2 | ? [a, b]
              |   ^
            """
        ),
        Golden(
            "a key with control characters",
            oneBackend + "\"\\e[31mred\": 1\n",
            """
            error: unknown key '�[31mred'
             --> mcp-keepalive.yaml:2:1
              |
            2 | "\\e[31mred": 1
              | ^ '�[31mred'
              = help: known keys are api, backends, defaults, sessions_file, state_dir, telemetry, version
            """
        ),
    ]
}
