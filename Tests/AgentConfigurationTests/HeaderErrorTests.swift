// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: headers that cannot be set.
struct HeaderErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "headers as a text",
            inBackend("headers: \"authorization: hunter2\""),
            """
            error: expected a mapping, found a text
             --> mcp-keepalive.yaml:4:14
              |
            4 |     headers: ••••
              |              ^ backends.a.headers
            """
        ),
        Golden(
            "headers as a list",
            inBackend("headers:\n  - hunter2"),
            """
            error: expected a mapping, found a list
             --> mcp-keepalive.yaml:5:7
              |
            5 |       - ••••
              |       ^ backends.a.headers
            """
        ),
        Golden(
            "a header that is a list",
            inBackend("headers: { a: [hunter2] }"),
            """
            error: expected the value of a header, found a list
             --> mcp-keepalive.yaml:4:19
              |
            4 |     headers: { a: [••••
              |                   ^ backends.a.headers.a
            """
        ),
        Golden(
            "a header name with a blank",
            inBackend("headers:\n  \"x key\": hunter2"),
            """
            error: this is not the name of a header
             --> mcp-keepalive.yaml:5:7
              |
            5 |       •••• ••••
              |       ^ backends.a.headers
              = help: letters, digits and !#$%&'*+-.^_`|~ are allowed
            """
        ),
        Golden(
            "the session id as a header",
            inBackend("headers: { Mcp-Session-Id: hunter2 }"),
            """
            error: header 'Mcp-Session-Id' cannot be set
             --> mcp-keepalive.yaml:4:16
              |
            4 |     headers: { Mcp-Session-Id: ••••
              |                ^ backends.a.headers.Mcp-Session-Id
              = help: it names the session: the agent sends the id of each session itself
            """
        ),
        Golden(
            "the content type as a header",
            inTelemetry("headers: { content-type: text/plain }"),
            """
            error: header 'content-type' cannot be set
             --> mcp-keepalive.yaml:2:14
              |
            2 |   headers: { content-type: ••••
              |              ^ telemetry.headers.content-type
              = help: requests are always application/json
            """
        ),
        Golden(
            "a header twice",
            inBackend("headers:\n  X-Key: hunter2\n  x-key: hunter2"),
            """
            error: duplicate header 'x-key'
             --> mcp-keepalive.yaml:6:7
              |
            6 |       x-key: ••••
              |       ^ backends.a.headers.x-key
            """
        ),
        Golden(
            "a header with a line break",
            inBackend("headers: { x-key: \"a\\r\\nhost: b\" }"),
            """
            error: the value of header 'x-key' contains a line break
             --> mcp-keepalive.yaml:4:23
              |
            4 |     headers: { x-key: ••••
              |                       ^ backends.a.headers.x-key
            """
        ),
        Golden(
            "a header with a NUL",
            inBackend("headers: { x-key: \"a\\0b\" }"),
            """
            error: the value of header 'x-key' contains a control character
             --> mcp-keepalive.yaml:4:23
              |
            4 |     headers: { x-key: ••••
              |                       ^ backends.a.headers.x-key
            """
        ),
        Golden(
            "a header with a blank at its end",
            inBackend("headers: { x-key: \"a \" }"),
            """
            error: the value of header 'x-key' starts or ends with a blank
             --> mcp-keepalive.yaml:4:23
              |
            4 |     headers: { x-key: ••••
              |                       ^ backends.a.headers.x-key
            """
        ),
        Golden(
            "a header from a file with two lines",
            inBackend("headers: { x-key: \"${file:two-lines}\" }"),
            """
            error: the value of header 'x-key' contains a line break
             --> mcp-keepalive.yaml:4:23
              |
            4 |     headers: { x-key: "${file:two-lines}" }
              |                       ^ backends.a.headers.x-key
            """
        ),
    ]
}
