// SPDX-License-Identifier: Apache-2.0

import Testing

/// The whole rendering of each problem: what is allowed and probably not meant.
struct WarningTests {
    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "no backends",
            "version: 1\n",
            """
            warning: no backends: nothing is kept alive
             --> mcp-keepalive.yaml:1:1
              |
            1 | version: 1
              | ^
              = help: add the key 'backends'
            """
        ),
        Golden(
            "empty backends",
            "backends: {}\n",
            """
            warning: no backends: nothing is kept alive
             --> mcp-keepalive.yaml:1:1
              |
            1 | backends: {}
              | ^ backends
            """
        ),
        Golden(
            "an interval as long as the TTL",
            inBackend("interval: 5m\nsession_ttl: 5m\nprobe_after: 1m"),
            """
            warning: interval 5m is not shorter than session_ttl 5m
             --> mcp-keepalive.yaml:4:15
              |
            4 |     interval: 5m
              |               ^ backends.a.interval
              = help: every 1m40s is used, a third of session_ttl
            """
        ),
        Golden(
            "an inherited interval longer than the TTL",
            "defaults:\n  interval: 10m\n  probe_after: 1m\n" + inBackend("session_ttl: 2m"),
            """
            warning: interval 10m is not shorter than session_ttl 2m
             --> mcp-keepalive.yaml:7:18
              |
            7 |     session_ttl: 2m
              |                  ^ backends.a.session_ttl
              = help: every 40s is used, a third of session_ttl
            """
        ),
        Golden(
            "an interval longer than a third of the TTL",
            inBackend("interval: 5m\nsession_ttl: 10m\nprobe_after: 5m"),
            """
            warning: interval 5m is longer than a third of session_ttl 10m
             --> mcp-keepalive.yaml:4:15
              |
            4 |     interval: 5m
              |               ^ backends.a.interval
              = help: every 3m20s is used
            """
        ),
        Golden(
            "an interval far shorter than needed",
            inBackend("interval: 5s\nsession_ttl: 1h\ntimeout: 5s"),
            """
            warning: interval 5s is far shorter than session_ttl 1h needs
             --> mcp-keepalive.yaml:4:15
              |
            4 |     interval: 5s
              |               ^ backends.a.interval
              = help: 20m is enough; without 'interval' the agent chooses
            """
        ),
        Golden(
            "a timeout longer than the interval",
            inBackend("interval: 5s\ntimeout: 7s"),
            """
            warning: timeout 7s is longer than the interval 5s
             --> mcp-keepalive.yaml:5:14
              |
            5 |     timeout: 7s
              |              ^ backends.a.timeout
              = help: calls are given up after 5s
            """
        ),
        Golden(
            "a tool timeout longer than the interval",
            inBackend("keepalive_method: tool:x\ninterval: 20s\ntool_timeout: 25s"),
            """
            warning: tool_timeout 25s is longer than the interval 20s
             --> mcp-keepalive.yaml:6:19
              |
            6 |     tool_timeout: 25s
              |                   ^ backends.a.tool_timeout
              = help: calls are given up after 20s
            """
        ),
        Golden(
            "a TTL and an interval that all backends inherit",
            "defaults: { interval: 1m, session_ttl: 1m, probe_after: 1m }\nbackends:\n  a: { url: http://127.0.0.1:1/mcp }\n  b: { url: http://127.0.0.1:2/mcp }\n",
            """
            warning: interval 1m is not shorter than session_ttl 1m
             --> mcp-keepalive.yaml:1:23
              |
            1 | defaults: { interval: 1m, session_ttl: 1m, probe_after: 1m }
              |                       ^ defaults.interval
              = help: every 20s is used, a third of session_ttl
            """
        ),
        Golden(
            "a TTL shorter than the time between probes",
            inBackend("session_ttl: 20m"),
            """
            warning: session_ttl 20m is shorter than probe_after 30m
             --> mcp-keepalive.yaml:4:18
              |
            4 |     session_ttl: 20m
              |                  ^ backends.a.session_ttl
              = help: sessions expire while the backend is disabled; set probe_after to at most 20m
            """
        ),
        Golden(
            "own sessions that are not kept alive",
            inBackend("keepalive_method: none\nown_sessions: 1"),
            """
            warning: the agent opens sessions that it does not keep alive
             --> mcp-keepalive.yaml:5:5
              |
            5 |     own_sessions: 1
              |     ^ backends.a.own_sessions
              = help: keepalive_method is none
            """
        ),
        Golden(
            "a server that is not verified",
            inEncryptedBackend("tls: { insecure_skip_verify: true }"),
            """
            warning: the server is not verified
             --> mcp-keepalive.yaml:4:34
              |
            4 |     tls: { insecure_skip_verify: true }
              |                                  ^ backends.a.tls.insecure_skip_verify
              = help: give the server's authority as ca_file instead
            """
        ),
        Golden(
            "TLS without TLS",
            inBackend("tls: { ca_file: ca.pem }"),
            """
            warning: 'tls' has no effect on an http:// URL
             --> mcp-keepalive.yaml:4:5
              |
            4 |     tls: { ca_file: ca.pem }
              |     ^ backends.a.tls
            """
        ),
        Golden(
            "a key that others can read",
            inEncryptedBackend("tls: { client_certificate_file: ca.pem, client_key_file: open.pem }"),
            """
            warning: the key file 'open.pem' can be read by others than its owner
             --> mcp-keepalive.yaml:4:62
              |
            4 |     tls: { client_certificate_file: ca.pem, client_key_file: open.pem }
              |                                                              ^ backends.a.tls.client_key_file
              = help: chmod 600 open.pem
            """
        ),
        Golden(
            "a secret file that others can read",
            inBackend("headers: { authorization: \"Bearer ${file:open-token}\" }"),
            """
            warning: the secret file 'open-token' can be read by others than its owner
             --> mcp-keepalive.yaml:4:31
              |
            4 |     headers: { authorization: "Bearer ${file:open-token}" }
              |                               ^ backends.a.headers.authorization
              = help: chmod 600 open-token
            """
        ),
        Golden(
            "two backends with one URL",
            "backends:\n  a: { url: http://127.0.0.1:1/mcp }\n  b: { url: http://127.0.0.1:1/mcp }\n",
            """
            warning: the same URL as backend 'a'
             --> mcp-keepalive.yaml:3:8
              |
            3 |   b: { url: http://127.0.0.1:1/mcp }
              |        ^ backends.b.url
              = help: each counts, fails and is disabled on its own
            """
        ),
        Golden(
            "no sessions file yet",
            "sessions_file: sessions.json\n" + oneBackend,
            """
            warning: there is no sessions file 'sessions.json' yet
             --> mcp-keepalive.yaml:1:16
              |
            1 | sessions_file: sessions.json
              |                ^ sessions_file
              = help: until there is, it counts as empty
            """
        ),
        Golden(
            "an endpoint with the path of a signal",
            inTelemetry("endpoint: http://127.0.0.1:4318/v1/metrics"),
            """
            warning: the endpoint is a base URL, and /v1/metrics is appended to it
             --> mcp-keepalive.yaml:2:13
              |
            2 |   endpoint: http://127.0.0.1:4318/v1/metrics
              |             ^ telemetry.endpoint
              = help: remove /v1/metrics
            """
        ),
        Golden(
            "the port of gRPC",
            inTelemetry("endpoint: http://127.0.0.1:4317"),
            """
            warning: 4317 is the port of OTLP over gRPC, which is not spoken here
             --> mcp-keepalive.yaml:2:13
              |
            2 |   endpoint: http://127.0.0.1:4317
              |             ^ telemetry.endpoint
              = help: receivers speak OTLP over HTTP on port 4318
            """
        ),
    ]
}
