// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: substitutions that cannot be made.
struct SubstitutionErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "an unset variable",
            inDefaults("interval: ${env:INTERVAL}"),
            """
            error: environment variable INTERVAL is not set
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${env:INTERVAL}
              |             ^ defaults.interval
              = help: set it, or give a default: ${env:INTERVAL:-value}
            """
        ),
        Golden(
            "an unset variable in a header",
            inBackend("headers: { authorization: \"Bearer ${env:DB_MCP_TOKEN}\" }"),
            """
            error: environment variable DB_MCP_TOKEN is not set
             --> mcp-keepalive.yaml:4:31
              |
            4 |     headers: { authorization: "Bearer ${env:DB_MCP_TOKEN}" }
              |                               ^ backends.a.headers.authorization
              = help: set it, or give a default: ${env:DB_MCP_TOKEN:-value}
            """
        ),
        Golden(
            "an unreadable secret file",
            inBackend("headers: { authorization: \"Bearer ${file:secrets/token}\" }"),
            """
            error: cannot read 'secrets/token': there is no such file
             --> mcp-keepalive.yaml:4:31
              |
            4 |     headers: { authorization: "Bearer ${file:secrets/token}" }
              |                               ^ backends.a.headers.authorization
            """
        ),
        Golden(
            "a secret file that is not UTF-8",
            inBackend("headers:\n  authorization: ${file:latin1}"),
            """
            error: 'latin1' is not UTF-8
             --> mcp-keepalive.yaml:5:22
              |
            5 |       authorization: ${file:latin1}
              |                      ^ backends.a.headers.authorization
            """
        ),
        Golden(
            "a variable with a value of the wrong type",
            inDefaults("interval: ${env:SECRET}"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the value of '${env:SECRET}'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${env:SECRET}
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a variable that is no port",
            inURL("http://127.0.0.1:${env:SECRET}/mcp"),
            """
            error: a URL's port is a number from 1 to 65535
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: http://127.0.0.1:${env:SECRET}/mcp
              |          ^ backends.a.url
            """
        ),
        Golden(
            "a default of the wrong type",
            inDefaults("interval: ${env:UNSET:-5}"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the value of '${env:UNSET:-5}': durations carry units
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${env:UNSET:-5}
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a substitution without a kind",
            inDefaults("interval: ${INTERVAL}"),
            """
            error: unknown substitution '${INTERVAL}'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${INTERVAL}
              |             ^ defaults.interval
              = help: did you mean ${env:INTERVAL}? Write $$ for a dollar sign
            """
        ),
        Golden(
            "a substitution of an unknown kind",
            inDefaults("interval: ${vault:interval}"),
            """
            error: unknown substitution '${vault:interval}'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${vault:interval}
              |             ^ defaults.interval
              = help: there are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $$ for a dollar sign
            """
        ),
        Golden(
            "a substitution without its end",
            inDefaults("interval: \"${env:INTERVAL\""),
            """
            error: '${' without '}'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: "${env:INTERVAL"
              |             ^ defaults.interval
              = help: write $$ for a dollar sign
            """
        ),
        Golden(
            "a substitution with a bad name",
            inDefaults("interval: ${env:MY-INTERVAL}"),
            """
            error: 'MY-INTERVAL' is not a name of an environment variable
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${env:MY-INTERVAL}
              |             ^ defaults.interval
              = help: letters, digits and _ are allowed, and no digit at the start
            """
        ),
        Golden(
            "a default with one character missing",
            inDefaults("interval: ${env:INTERVAL:5m}"),
            """
            error: malformed substitution '${env:…}'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${env:INTERVAL:5m}
              |             ^ defaults.interval
              = help: a default is written ${env:NAME:-default}
            """
        ),
        Golden(
            "a file without a name",
            inDefaults("interval: ${file:}"),
            """
            error: '${file:}' names no file
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: ${file:}
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a literal secret that looks like a substitution",
            inBackend("headers: { x-key: \"pa${ss}word\" }"),
            """
            error: a substitution that there is not
             --> mcp-keepalive.yaml:4:23
              |
            4 |     headers: { x-key: ••••
              |                       ^ backends.a.headers.x-key
              = help: there are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $$ for a dollar sign
            """
        ),
    ]
}
