// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: truth values, numbers and texts of the wrong type or out of range.
struct NumberErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "yes as a truth value",
            inDefaults("reinitialize: yes"),
            """
            error: expected true or false, found the text 'yes'
             --> mcp-keepalive.yaml:2:17
              |
            2 |   reinitialize: yes
              |                 ^ defaults.reinitialize
              = help: write true
            """
        ),
        Golden(
            "a truth value in quotes",
            inDefaults("reinitialize: \"true\""),
            """
            error: expected true or false, found the text 'true'
             --> mcp-keepalive.yaml:2:17
              |
            2 |   reinitialize: "true"
              |                 ^ defaults.reinitialize
              = help: remove the quotes
            """
        ),
        Golden(
            "something else as a truth value",
            inDefaults("reinitialize: maybe"),
            """
            error: expected true or false, found the text 'maybe'
             --> mcp-keepalive.yaml:2:17
              |
            2 |   reinitialize: maybe
              |                 ^ defaults.reinitialize
            """
        ),
        Golden(
            "a misspelled statefulness",
            inDefaults("stateful: autp"),
            """
            error: expected auto, true or false, found the text 'autp'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   stateful: autp
              |             ^ defaults.stateful
              = help: did you mean 'auto'?
            """
        ),
        Golden(
            "an integer in quotes",
            inDefaults("failure_threshold: \"3\""),
            """
            error: expected a whole number from 1 to 1000, found the text '3'
             --> mcp-keepalive.yaml:2:22
              |
            2 |   failure_threshold: "3"
              |                      ^ defaults.failure_threshold
              = help: remove the quotes
            """
        ),
        Golden(
            "an octal integer",
            inDefaults("failure_threshold: 010"),
            """
            error: expected a whole number from 1 to 1000, found the number 010
             --> mcp-keepalive.yaml:2:22
              |
            2 |   failure_threshold: 010
              |                      ^ defaults.failure_threshold
            """
        ),
        Golden(
            "a fraction as an integer",
            inDefaults("failure_threshold: 2.5"),
            """
            error: expected a whole number from 1 to 1000, found the number 2.5
             --> mcp-keepalive.yaml:2:22
              |
            2 |   failure_threshold: 2.5
              |                      ^ defaults.failure_threshold
            """
        ),
        Golden(
            "a threshold of nothing",
            inDefaults("failure_threshold: 0"),
            """
            error: expected a whole number from 1 to 1000, found the number 0
             --> mcp-keepalive.yaml:2:22
              |
            2 |   failure_threshold: 0
              |                      ^ defaults.failure_threshold
            """
        ),
        Golden(
            "negative own sessions",
            inBackend("own_sessions: -1"),
            """
            error: expected a whole number from 0 to 100000, found the number -1
             --> mcp-keepalive.yaml:4:19
              |
            4 |     own_sessions: -1
              |                   ^ backends.a.own_sessions
            """
        ),
        Golden(
            "a rate of nothing",
            inDefaults("max_requests_per_second: 0"),
            """
            error: expected a number greater than 0 and at most 100000, found the number 0
             --> mcp-keepalive.yaml:2:28
              |
            2 |   max_requests_per_second: 0
              |                            ^ defaults.max_requests_per_second
            """
        ),
        Golden(
            "a rate that is a text",
            inDefaults("max_requests_per_second: many"),
            """
            error: expected a number greater than 0 and at most 100000, found the text 'many'
             --> mcp-keepalive.yaml:2:28
              |
            2 |   max_requests_per_second: many
              |                            ^ defaults.max_requests_per_second
            """
        ),
        Golden(
            "no requests in flight",
            inDefaults("max_requests_in_flight: 0"),
            """
            error: expected a whole number from 1 to 10000, found the number 0
             --> mcp-keepalive.yaml:2:27
              |
            2 |   max_requests_in_flight: 0
              |                           ^ defaults.max_requests_in_flight
            """
        ),
        Golden(
            "an empty path",
            "sessions_file: \"\"\n" + oneBackend,
            """
            error: expected the path of a file, found the text ''
             --> mcp-keepalive.yaml:1:16
              |
            1 | sessions_file: ""
              |                ^ sessions_file
            """
        ),
        Golden(
            "a number as a path",
            "sessions_file: 1\n" + oneBackend,
            """
            error: expected the path of a file, found the number 1
             --> mcp-keepalive.yaml:1:16
              |
            1 | sessions_file: 1
              |                ^ sessions_file
              = help: put it in quotes
            """
        ),
        Golden(
            "a resource attribute without a value",
            inTelemetry("resource: { a: }"),
            """
            error: expected a text, found nothing
             --> mcp-keepalive.yaml:2:18
              |
            2 |   resource: { a: }
              |                  ^ telemetry.resource.a
            """
        ),
        Golden(
            "a resource attribute that is a list",
            inTelemetry("resource: { a: [b] }"),
            """
            error: expected a text, found a list
             --> mcp-keepalive.yaml:2:18
              |
            2 |   resource: { a: [b] }
              |                  ^ telemetry.resource.a
            """
        ),
    ]
}
