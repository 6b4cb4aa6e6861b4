// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: the version, and entries that are no backends.
struct BackendErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a version of the future",
            "version: 2\n" + oneBackend,
            """
            error: expected version 1 of the file format, found the number 2
             --> mcp-keepalive.yaml:1:10
              |
            1 | version: 2
              |          ^ version
            """
        ),
        Golden(
            "a version that is a text",
            "version: one\n" + oneBackend,
            """
            error: expected version 1 of the file format, found the text 'one'
             --> mcp-keepalive.yaml:1:10
              |
            1 | version: one
              |          ^ version
            """
        ),
        Golden(
            "backends as a list",
            "backends:\n  - url: http://127.0.0.1:1/mcp\n",
            """
            error: expected a mapping, found a list
             --> mcp-keepalive.yaml:2:3
              |
            2 |   - url: http://127.0.0.1:1/mcp
              |   ^ backends
            """
        ),
        Golden(
            "a backend as a text",
            "backends:\n  a: http://127.0.0.1:1/mcp\n",
            """
            error: expected a mapping, found a text
             --> mcp-keepalive.yaml:2:6
              |
            2 |   a: http://127.0.0.1:1/mcp
              |      ^ backends.a
            """
        ),
        Golden(
            "a backend without a URL",
            "backends:\n  a:\n    interval: 5m\n",
            """
            error: backend 'a' has no 'url'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   a:
              |   ^ backends.a
            """
        ),
        Golden(
            "a backend with nothing",
            "backends:\n  a:\n",
            """
            error: backend 'a' has no 'url'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   a:
              |   ^ backends.a
            """
        ),
        Golden(
            "a backend whose name has blanks",
            "backends:\n  my server: { url: http://127.0.0.1:1/mcp }\n",
            """
            error: 'my server' is not a name for a backend
             --> mcp-keepalive.yaml:2:3
              |
            2 |   my server: { url: http://127.0.0.1:1/mcp }
              |   ^ backends.'my server'
              = help: 1 to 128 bytes without blanks and control characters, and no URL
            """
        ),
        Golden(
            "a backend named like a URL",
            "backends:\n  http://h: { url: http://127.0.0.1:1/mcp }\n",
            """
            error: 'http://h' is not a name for a backend
             --> mcp-keepalive.yaml:2:3
              |
            2 |   http://h: { url: http://127.0.0.1:1/mcp }
              |   ^ backends.http://h
              = help: 1 to 128 bytes without blanks and control characters, and no URL
            """
        ),
    ]
}
