// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: URLs that cannot be used.
struct URLErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a URL without a scheme",
            inURL("127.0.0.1:8931/mcp"),
            """
            error: a URL starts with http:// or https://
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: 127.0.0.1:8931/mcp
              |          ^ backends.a.url
            """
        ),
        Golden(
            "a URL of another scheme",
            inURL("ftp://127.0.0.1/mcp"),
            """
            error: a URL starts with http:// or https://
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: ftp://127.0.0.1/mcp
              |          ^ backends.a.url
            """
        ),
        Golden(
            "a URL with user name and password",
            inURL("http://user:hunter2@127.0.0.1/mcp"),
            """
            error: a URL here has no user name and password
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: ••••
              |          ^ backends.a.url
              = help: put the credential under 'headers', as authorization
            """
        ),
        Golden(
            "a URL with a fragment",
            inURL("http://127.0.0.1/mcp#x"),
            """
            error: a URL here has no fragment
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: http://127.0.0.1/mcp#x
              |          ^ backends.a.url
              = help: remove what follows '#', and '#' itself
            """
        ),
        Golden(
            "a URL without a host",
            inURL("http:///mcp"),
            """
            error: a URL names a host
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: http:///mcp
              |          ^ backends.a.url
            """
        ),
        Golden(
            "a URL with a bad port",
            inURL("http://127.0.0.1:99999/mcp"),
            """
            error: a URL's port is a number from 1 to 65535
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: http://127.0.0.1:99999/mcp
              |          ^ backends.a.url
            """
        ),
        Golden(
            "a URL with a blank",
            inURL("\"http://127.0.0.1/m cp\""),
            """
            error: a URL has no blanks, control characters or letters beyond ASCII
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: "http://127.0.0.1/m cp"
              |          ^ backends.a.url
              = help: percent-encode them
            """
        ),
        Golden(
            "a number as a URL",
            inURL("8931"),
            """
            error: expected a URL, found the number 8931
             --> mcp-keepalive.yaml:3:10
              |
            3 |     url: 8931
              |          ^ backends.a.url
            """
        ),
        Golden(
            "an endpoint with a query",
            inTelemetry("endpoint: http://127.0.0.1:4318/?key=hunter2"),
            """
            error: the endpoint is a base URL and has no query
             --> mcp-keepalive.yaml:2:13
              |
            2 |   endpoint: ••••
              |             ^ telemetry.endpoint
              = help: credentials go under 'headers'
            """
        ),
    ]
}
