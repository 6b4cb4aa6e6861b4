// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: percentages and choices that there are not.
struct ChoiceErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a fraction instead of a percentage",
            inDefaults("jitter: 0.1"),
            """
            error: expected a percentage such as 10%, found the number 0.1
             --> mcp-keepalive.yaml:2:11
              |
            2 |   jitter: 0.1
              |           ^ defaults.jitter
              = help: shares are written with a percent sign
            """
        ),
        Golden(
            "a percentage above 100",
            inDefaults("jitter: 150%"),
            """
            error: expected a percentage from 0% to 100%, found the text '150%'
             --> mcp-keepalive.yaml:2:11
              |
            2 |   jitter: 150%
              |           ^ defaults.jitter
            """
        ),
        Golden(
            "a negative percentage",
            inDefaults("jitter: -1%"),
            """
            error: expected a percentage such as 10%, found the text '-1%'
             --> mcp-keepalive.yaml:2:11
              |
            2 |   jitter: -1%
              |           ^ defaults.jitter
            """
        ),
        Golden(
            "a percentage of nothing",
            inDefaults("jitter: \"%\""),
            """
            error: expected a percentage such as 10%, found the text '%'
             --> mcp-keepalive.yaml:2:11
              |
            2 |   jitter: "%"
              |           ^ defaults.jitter
            """
        ),
        Golden(
            "a misspelled method",
            inDefaults("keepalive_method: pnig"),
            """
            error: expected ping, tool:<name> or none, found the text 'pnig'
             --> mcp-keepalive.yaml:2:21
              |
            2 |   keepalive_method: pnig
              |                     ^ defaults.keepalive_method
              = help: did you mean 'ping'?
            """
        ),
        Golden(
            "a method that looks like a tool",
            inDefaults("keepalive_method: list_tabs"),
            """
            error: expected ping, tool:<name> or none, found the text 'list_tabs'
             --> mcp-keepalive.yaml:2:21
              |
            2 |   keepalive_method: list_tabs
              |                     ^ defaults.keepalive_method
              = help: did you mean 'tool:list_tabs'?
            """
        ),
        Golden(
            "a tool without a name",
            inDefaults("keepalive_method: \"tool:\""),
            """
            error: expected ping, tool:<name> or none, found the text 'tool:'
             --> mcp-keepalive.yaml:2:21
              |
            2 |   keepalive_method: "tool:"
              |                     ^ defaults.keepalive_method
              = help: name the tool right after the colon, as in tool:list_tabs
            """
        ),
        Golden(
            "a tool with a blank",
            inDefaults("keepalive_method: \"tool: x\""),
            """
            error: expected ping, tool:<name> or none, found the text 'tool: x'
             --> mcp-keepalive.yaml:2:21
              |
            2 |   keepalive_method: "tool: x"
              |                     ^ defaults.keepalive_method
              = help: name the tool right after the colon, as in tool:list_tabs
            """
        ),
        Golden(
            "a number as a method",
            inDefaults("keepalive_method: 1"),
            """
            error: expected ping, tool:<name> or none, found the number 1
             --> mcp-keepalive.yaml:2:21
              |
            2 |   keepalive_method: 1
              |                     ^ defaults.keepalive_method
            """
        ),
        Golden(
            "a misspelled compression",
            inTelemetry("compression: gzp"),
            """
            error: expected gzip or none, found the text 'gzp'
             --> mcp-keepalive.yaml:2:16
              |
            2 |   compression: gzp
              |                ^ telemetry.compression
              = help: did you mean 'gzip'?
            """
        ),
        Golden(
            "a way to name sessions that there is not",
            inTelemetry("session_ids: plain"),
            """
            error: expected hash, omit or raw, found the text 'plain'
             --> mcp-keepalive.yaml:2:16
              |
            2 |   session_ids: ••••
              |                ^ telemetry.session_ids
            """
        ),
        Golden(
            "a compression that there is not",
            inTelemetry("compression: zstd"),
            """
            error: expected gzip or none, found the text 'zstd'
             --> mcp-keepalive.yaml:2:16
              |
            2 |   compression: zstd
              |                ^ telemetry.compression
            """
        ),
    ]
}
