// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

extension ConfigurationField {
    /// The keys of a backend.
    static let backend: [ConfigurationField] = backendOnly + settings

    /// The keys that a backend has and `defaults` has not.
    package static let backendOnly: [ConfigurationField] = [
        ConfigurationField(
            "url",
            .url,
            "the Streamable HTTP endpoint",
            details: "; `http` or `https`, no user name, no fragment",
            example: "http://127.0.0.1:8931/mcp",
            isRequired: true
        ),
        ConfigurationField(
            "headers",
            .headers,
            "sent with every request to the backend",
            example: "{ x-tenant: agents }",
            isSecret: true
        ),
        ConfigurationField(
            "own_sessions",
            .integer(0...BackendDecoder.mostOwnSessions),
            "sessions that the agent opens, keeps alive and closes itself",
            default: "0",
            example: "1"
        ),
        ConfigurationField(
            "fallback_tool",
            .mapping(fallback, canBeOff: false),
            "tool to call when ping consistently fails",
            details: "; for `keepalive_method: ping` only",
            example: "{ name: browser_tabs, arguments: { action: list } }"
        ),
        ConfigurationField(
            "tool_arguments",
            .arguments,
            "arguments of the tool of `keepalive_method: tool:<name>`",
            default: "{}",
            example: "{ handle: main }",
            isSecret: true,
            companion: "keepalive_method: tool:select_one"
        ),
        ConfigurationField(
            "tls",
            .mapping(tls, canBeOff: false),
            "how an `https` server is verified and what it is shown",
            unset: "",
            example: "{ ca_file: ca.pem }"
        ),
    ]

    /// The keys of `fallback_tool`.
    static let fallback: [ConfigurationField] = [
        ConfigurationField("name", .text, "the name of the tool", example: "browser_tabs", isRequired: true),
        ConfigurationField(
            "arguments",
            .arguments,
            "its arguments",
            default: "{}",
            example: "{ action: list }",
            isSecret: true
        ),
    ]

    /// The keys that `defaults` and every backend can have.
    package static let settings: [ConfigurationField] = [
        ConfigurationField(
            "keepalive_method",
            .method,
            "what is called; `none` switches keepalive off",
            default: "ping",
            example: "tool:list_tabs"
        ),
        ConfigurationField(
            "interval",
            .duration(from: BackendPolicy.shortestInterval, to: nil),
            "longest time between two requests on a session",
            details: "; with a known TTL at most a third of that",
            default: "5m",
            example: "4m"
        ),
        ConfigurationField(
            "jitter",
            .percentage,
            "the largest share by which chance shortens each interval",
            default: "10%",
            example: "5%"
        ),
        ConfigurationField(
            "timeout",
            .duration(from: .milliseconds(1), to: nil),
            "deadline of a ping",
            details: "; at most the interval",
            default: "10s",
            example: "5s"
        ),
        ConfigurationField(
            "tool_timeout",
            .duration(from: .milliseconds(1), to: nil),
            "deadline of a tool call and of `initialize`",
            details: "; at most the interval",
            default: "30s",
            example: "20s"
        ),
        ConfigurationField(
            "failure_threshold",
            .integer(1...1000),
            "failures in a row that disable a backend",
            default: "3",
            example: "5"
        ),
        ConfigurationField(
            "probe_after",
            .duration(from: .seconds(1), to: nil),
            "how long a disabled backend, or a session whose credential was refused, is left alone",
            default: "30m",
            example: "10m"
        ),
        ConfigurationField(
            "session_ttl",
            .duration(from: BackendSettings.shortestTTL, to: nil),
            "idle TTL of the backend's sessions",
            details: ". A shorter one that the backend advertises wins",
            unset: "unknown",
            example: "30m"
        ),
        ConfigurationField(
            "session_lifetime",
            .duration(from: .seconds(1), to: nil),
            "how long a session lives at most",
            details: ". Not longer than `session_ttl`: no keepalive is needed, and none is sent",
            unset: "unknown",
            example: "8h"
        ),
        ConfigurationField(
            "max_idle",
            .duration(from: .seconds(1), to: nil),
            "how long a session of the local API may go without its owner's traffic before it is let go",
            unset: "no limit",
            example: "2h"
        ),
        ConfigurationField(
            "max_lifetime",
            .duration(from: .seconds(1), to: nil),
            "how long a session of the local API is kept alive at most",
            unset: "no limit",
            example: "12h"
        ),
        ConfigurationField(
            "stateful",
            .choice(BackendPolicy.Statefulness.allCases.map(\.rawValue)),
            "whether the backend keeps state per session",
            details: """
                : with `auto` a backend that issues no session id is left alone, with `true` it is called all the same, \
                with `false` never
                """,
            default: "auto",
            example: "true"
        ),
        ConfigurationField(
            "reinitialize",
            .boolean,
            "open an owned session again after its loss",
            default: "true",
            example: "false"
        ),
        ConfigurationField(
            "max_requests_in_flight",
            .integer(1...10_000),
            "requests at once on one backend",
            default: "64",
            example: "16"
        ),
        ConfigurationField(
            "max_requests_per_second",
            .number(atMost: 100_000),
            "starts of requests on one backend",
            unset: "max(20, 2 × sessions ÷ interval)",
            example: "2.5"
        ),
    ]
}
