// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: what is not YAML, or not the YAML of a configuration.
struct DocumentErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a duplicate key",
            inDefaults("timeout: 5s\ntimeout: 6s"),
            """
            error: duplicate key 'timeout'
             --> mcp-keepalive.yaml:3:3
              |
            3 |   timeout: 6s
              |   ^
              = help: the first one is in line 2
            """
        ),
        Golden(
            "a duplicate key in one line",
            "backends: { a: { url: http://h/mcp, url: http://h/mcp } }\n",
            """
            error: duplicate key 'url'
             --> mcp-keepalive.yaml:1:18
              |
            1 | backends: { a: { url: http://h/mcp, url: http://h/mcp } }
              |                  ^
            """
        ),
        Golden(
            "two backends with one name",
            "backends:\n  a:\n    url: http://127.0.0.1:1/mcp\n  b:\n    url: http://127.0.0.1:2/mcp\n  a:\n    url: http://127.0.0.1:3/mcp\n",
            """
            error: duplicate key 'a'
             --> mcp-keepalive.yaml:6:3
              |
            6 |   a:
              |   ^
              = help: the first one is in line 2
            """
        ),
        Golden(
            "a tab as indentation",
            "defaults:\n\tinterval: 5m\n" + oneBackend,
            """
            error: not valid YAML: found character that cannot start any token while scanning for the next token
             --> mcp-keepalive.yaml:2:1
              |
            2 | \tinterval: 5m
              | ^
              = help: indent with blanks, not tabs; a text that starts with @, ` or % must be in quotes
            """
        ),
        Golden(
            "a colon in a text",
            "defaults:\n  keepalive_method: tool: x\n" + oneBackend,
            """
            error: not valid YAML: mapping values are not allowed in this context
             --> mcp-keepalive.yaml:2:25
              |
            2 |   keepalive_method: tool: x
              |                         ^
              = help: a text with ': ' in it or ':' at its end must be in quotes; otherwise check the indentation
            """
        ),
        Golden(
            "a tool without a name and quotes",
            "defaults:\n  keepalive_method: tool:\n  interval: 5m\n" + oneBackend,
            """
            error: not valid YAML: mapping values are not allowed in this context
             --> mcp-keepalive.yaml:2:25
              |
            2 |   keepalive_method: tool:
              |                         ^
              = help: a text with ': ' in it or ':' at its end must be in quotes; otherwise check the indentation
            """
        ),
        Golden(
            "a quote without its end",
            oneBackend + "sessions_file: \"sessions.json\n",
            """
            error: not valid YAML: found unexpected end of stream while scanning a quoted scalar
             --> mcp-keepalive.yaml:2:16
              |
            2 | sessions_file: "sessions.json
              |                ^
            """
        ),
        Golden(
            "an undefined alias",
            "backends: *nothing\n",
            """
            error: not valid YAML: found undefined alias
             --> mcp-keepalive.yaml:1:11
              |
            1 | backends: *nothing
              |           ^
            """
        ),
        Golden(
            "a second document",
            oneBackend + "---\n" + oneBackend,
            """
            error: a second document
             --> mcp-keepalive.yaml:2:1
              |
            2 | ---
              | ^
              = help: only one document is allowed: remove the line '---'
            """
        ),
        Golden(
            "an unknown tag",
            inDefaults("interval: !duration 5m"),
            """
            error: tags such as '!duration' are not supported
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: !duration 5m
              |             ^
            """
        ),
        Golden(
            "a tag of a mapping",
            "backends: !include { a: b }\n",
            """
            error: tags such as '!include' are not supported
             --> mcp-keepalive.yaml:1:11
              |
            1 | backends: !include { a: b }
              |           ^
            """
        ),
    ]
}
