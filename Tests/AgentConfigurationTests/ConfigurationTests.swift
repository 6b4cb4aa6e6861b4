// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Testing

struct ConfigurationTests {
    /// Every key that there is.
    static let everything = """
        version: 1
        telemetry:
          endpoint: https://collector:4318/base      # a base URL
          headers: { authorization: "Bearer ${file:/run/secrets/otlp_token}" }
          compression: none
          interval: 15s
          resource: { deployment.environment.name: prod, service.version: 1.10, on: yes }
          tls: { ca_file: pki/ca.pem }
        defaults:
          keepalive_method: ping
          interval: 4m
          jitter: 12.5%
          timeout: 9s
          tool_timeout: 29s
          failure_threshold: 4
          probe_after: 20m
          max_requests_in_flight: 32
          max_requests_per_second: 2.5
        sessions_file: sessions.json
        backends:
          playwright:
            url: http://127.0.0.1:8931/mcp
            fallback_tool: { name: browser_tabs, arguments: { action: list } }
            own_sessions: 2
            session_ttl: 30m
            session_lifetime: 8h
            stateful: true
            reinitialize: false
          warehouse:
            url: https://mcp.internal/db?tenant=1
            headers: { authorization: "Bearer ${env:DB_MCP_TOKEN}", X-Tenant: a }
            keepalive_method: tool:select_one
            tool_arguments: { handle: main }
            interval: 8m
            jitter: 0%
            tls:
              ca_file: /pki/ca.pem
              client_certificate_file: c.pem
              client_key_file: k.pem
          search: { url: http://127.0.0.1:9003/mcp, keepalive_method: none }
        """

    static let environment = ["DB_MCP_TOKEN": "db-token"]
    static let readFile = files([
        "/run/secrets/otlp_token": "otlp-token\n", "pki/ca.pem": "", "/pki/ca.pem": "", "c.pem": "", "k.pem": "",
        "sessions.json": "{}",
    ])

    private func everything() throws -> Configuration {
        let outcome = load(Self.everything, environment: Self.environment, readFile: Self.readFile)
        #expect(outcome.rendered == "")
        return try #require(outcome.configuration)
    }

    @Test func `telemetry goes to files in a directory beside the configuration`() throws {
        let outcome = load("telemetry: { directory: telemetry }\n" + oneBackend)
        #expect(try #require(outcome.configuration).telemetry.directory == "telemetry")
        #expect(outcome.diagnostics.isEmpty)
    }

    @Test func `telemetry has what the file says`() throws {
        let telemetry = try everything().telemetry
        #expect(telemetry.endpoint == "https://collector:4318/base")
        #expect(telemetry.headers.map(\.name) == ["authorization"])
        #expect(telemetry.headers.first?.value == Secret("Bearer otlp-token"))
        #expect(telemetry.compression == TelemetryConfiguration.Compression.none)
        #expect(telemetry.interval == .seconds(15))
        #expect(telemetry.resource.map(\.name) == ["deployment.environment.name", "service.version", "on"])
        #expect(
            telemetry.resource.map(\.value) == ["prod", "1.10", "yes"],
            "attributes are never typed by their looks"
        )
        #expect(telemetry.tls.caFile == "pki/ca.pem")
    }

    @Test func `a backend has what the file says`() throws {
        let configuration = try everything()
        #expect(configuration.backends.map(\.name) == ["playwright", "warehouse", "search"])
        let playwright = try #require(configuration.backends.first)
        #expect(playwright.url == "http://127.0.0.1:8931/mcp")
        #expect(playwright.ownSessions == 2)
        #expect(playwright.tool?.name == "browser_tabs")
        #expect(playwright.tool?.arguments.json == Array(#"{"action":"list"}"#.utf8))
        #expect(playwright.position == SourcePosition(line: 21, column: 3))
        #expect(playwright.headers.isEmpty)

        var policy = BackendPolicy()
        policy.method = .ping(hasFallback: true)
        policy.interval = .seconds(240)
        policy.jitter = 0.125
        policy.timeout = .seconds(9)
        policy.toolTimeout = .seconds(29)
        policy.failureThreshold = 4
        policy.probeAfter = .seconds(1200)
        policy.sessionTTL = .seconds(1800)
        policy.sessionLifetime = .seconds(28_800)
        policy.stateful = .stateful
        policy.reinitialize = false
        policy.maxRequestsInFlight = 32
        policy.maxRequestsPerSecond = 2.5
        #expect(playwright.policy == policy)
    }

    @Test func `what a backend says wins over the defaults`() throws {
        let warehouse = try #require(try everything().backends.dropFirst().first)
        #expect(warehouse.policy.method == .tool)
        #expect(
            warehouse.tool
                == ToolCall(name: "select_one", arguments: ToolArguments(json: Array(#"{"handle":"main"}"#.utf8)))
        )
        #expect(warehouse.policy.interval == .seconds(480))
        #expect(warehouse.policy.jitter == 0)
        #expect(warehouse.policy.failureThreshold == 4)
        #expect(warehouse.headers.map(\.name) == ["authorization", "X-Tenant"])
        #expect(warehouse.headers.map(\.value) == [Secret("Bearer db-token"), Secret("a")])
        #expect(warehouse.tls.caFile == "/pki/ca.pem")
        #expect(warehouse.tls.clientCertificateFile == "c.pem")
        #expect(warehouse.tls.clientKeyFile == "k.pem")
        #expect(warehouse.tls.insecureSkipVerify == false)
        #expect(warehouse.shownURL == "https://mcp.internal/db?••••")
    }

    @Test func `none switches keepalive off`() throws {
        let search = try #require(try everything().backends.last)
        #expect(search.policy.method == BackendPolicy.Method.none)
        #expect(search.tool == nil)
        #expect(search.shownURL == search.url)
    }

    @Test func `without any settings the engine's defaults hold`() throws {
        let configuration = try #require(load(oneBackend).configuration)
        let backend = try #require(configuration.backends.first)
        #expect(backend.policy == BackendPolicy())
        #expect(backend.policy.interval == .seconds(300))
        #expect(backend.policy.jitter == 0.1)
        #expect(backend.policy.reinitialize)
        #expect(backend.ownSessions == 0)
        #expect(configuration.telemetry == TelemetryConfiguration())
        #expect(configuration.telemetry.interval == nil, "what is not in the file can be decided elsewhere")
        #expect(configuration.telemetry.compression == nil)
        #expect(configuration.sessionsFile == nil)
    }

    @Test func `empty sections are as good as none`() throws {
        let outcome = load("telemetry:\ndefaults: ~\n" + oneBackend)
        #expect(outcome.diagnostics == [])
        #expect(
            outcome.configuration
                == load(oneBackend).configuration.map { expected in
                    var expected = expected
                    expected.backends[0].position = SourcePosition(line: 3, column: 13)
                    return expected
                }
        )
    }

    @Test func `relative paths start at the file that names them`() throws {
        let text = """
            sessions_file: run/sessions.json
            backends:
              a:
                url: https://h/mcp
                headers: { authorization: "${file:token}" }
                tls: { ca_file: ../ca.pem }
            """
        let outcome = ConfigurationLoader.load(
            text: text,
            file: "/etc/mcp/keepalive.yaml",
            environment: [:],
            readFile: files(["/etc/mcp/token": "secret", "/etc/mcp/../ca.pem": "", "/etc/mcp/run/sessions.json": ""])
        )
        #expect(outcome.rendered == "")
        let configuration = try #require(outcome.configuration)
        #expect(configuration.sessionsFile == "/etc/mcp/run/sessions.json")
        #expect(configuration.backends.first?.tls.caFile == "/etc/mcp/../ca.pem")
        #expect(configuration.backends.first?.headers.first?.value == Secret("secret"))
    }

    @Test func `timeouts are clamped to the interval after its alignment with the TTL`() throws {
        let outcome = load(inBackend("session_ttl: 9s\nprobe_after: 9s\nkeepalive_method: tool:x\ntimeout: 2s"))
        let policy = try #require(outcome.configuration?.backends.first?.policy)
        #expect(policy.timeout == .seconds(2))
        #expect(policy.toolTimeout == .seconds(3))
        #expect(policy.interval == .seconds(300), "the engine aligns it")
    }

    @Test func `values can come from the environment and from files`() throws {
        let text = """
            backends:
              a:
                url: http://${env:HOST:-localhost}:${file:port}/mcp
                interval: ${env:INTERVAL:-5m}
                failure_threshold: ${env:THRESHOLD}
                reinitialize: ${env:AGAIN}
                stateful: ${env:STATEFUL}
                jitter: ${env:JITTER}%
                max_requests_per_second: ${env:RATE}
            """
        let outcome = load(
            text,
            environment: [
                "HOST": "", "THRESHOLD": "7", "AGAIN": "false", "STATEFUL": "false", "JITTER": "20", "RATE": "0.5",
            ],
            readFile: files(["port": "8931\n"])
        )
        #expect(outcome.rendered == "")
        let backend = try #require(outcome.configuration?.backends.first)
        #expect(backend.url == "http://localhost:8931/mcp")
        #expect(backend.policy.interval == .seconds(300))
        #expect(backend.policy.failureThreshold == 7)
        #expect(backend.policy.reinitialize == false)
        #expect(backend.policy.stateful == .stateless)
        #expect(backend.policy.jitter == 0.2)
        #expect(backend.policy.maxRequestsPerSecond == 0.5)
    }
}
