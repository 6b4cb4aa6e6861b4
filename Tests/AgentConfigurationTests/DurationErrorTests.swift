// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: durations that are none, or out of range.
struct DurationErrorTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a number as a duration",
            inDefaults("interval: 300"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the number 300: durations carry units
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 300
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a duration with a word for a unit",
            inDefaults("interval: 5min"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '5min': there is no unit 'min'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 5min
              |             ^ defaults.interval
              = help: did you mean 'm'? Units are ms, s, m, h and d
            """
        ),
        Golden(
            "a duration with an unknown unit",
            inDefaults("interval: 5w"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '5w': there is no unit 'w'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 5w
              |             ^ defaults.interval
              = help: units are ms, s, m, h and d
            """
        ),
        Golden(
            "a duration with a blank",
            inDefaults("interval: 5 m"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '5 m': durations have no blanks
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 5 m
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a negative duration",
            inDefaults("interval: -5m"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '-5m': durations are positive
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: -5m
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a duration of nothing",
            inDefaults("timeout: 0s"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '0s': durations are longer than nothing
             --> mcp-keepalive.yaml:2:12
              |
            2 |   timeout: 0s
              |            ^ defaults.timeout
            """
        ),
        Golden(
            "a duration in the wrong order",
            inDefaults("interval: 30m1h"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '30m1h': larger units come first, and each once
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 30m1h
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a duration that overflows",
            inDefaults("interval: 99999999999999999999d"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '99999999999999999999d': the longest duration is 3650d
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 99999999999999999999d
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a duration that is too long",
            inDefaults("interval: 4000d"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '4000d': the longest duration is 3650d
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 4000d
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a duration that is no duration",
            inDefaults("interval: often"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text 'often'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: often
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a truth value as a duration",
            inDefaults("interval: true"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the truth value true
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: true
              |             ^ defaults.interval
            """
        ),
        Golden(
            "nothing as a duration",
            inDefaults("interval:"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found nothing
             --> mcp-keepalive.yaml:2:12
              |
            2 |   interval:
              |            ^ defaults.interval
            """
        ),
        Golden(
            "a list as a duration",
            inDefaults("interval: [5m]"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found a list
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: [5m]
              |             ^ defaults.interval
            """
        ),
        Golden(
            "an interval below the floor",
            inDefaults("interval: 500ms"),
            """
            error: expected a duration of at least 1s, found the text '500ms'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 500ms
              |             ^ defaults.interval
            """
        ),
        Golden(
            "a TTL below the floor",
            inBackend("session_ttl: 2s"),
            """
            error: expected a duration of at least 3s, found the text '2s'
             --> mcp-keepalive.yaml:4:18
              |
            4 |     session_ttl: 2s
              |                  ^ backends.a.session_ttl
            """
        ),
        Golden(
            "an export interval above the ceiling",
            inTelemetry("interval: 2d"),
            """
            error: expected a duration of at most 1d, found the text '2d'
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: 2d
              |             ^ telemetry.interval
            """
        ),
        Golden(
            "an interval of several lines",
            inDefaults("interval: >-\n  5m\n  30s"),
            """
            error: expected a duration such as 30s, 5m or 1h30m, found the text '5m 30s': durations have no blanks
             --> mcp-keepalive.yaml:2:13
              |
            2 |   interval: >-
              |             ^ defaults.interval
            """
        ),
    ]
}
