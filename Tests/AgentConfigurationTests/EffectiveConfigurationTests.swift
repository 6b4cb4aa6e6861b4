// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// `config print`: every value that is in force, where it comes from, and no secret.
struct EffectiveConfigurationTests {
    private func effective(
        _ text: String,
        variables: [String: EffectiveConfiguration.Variable] = [:],
        environment: [String: String] = [:]
    ) throws -> EffectiveConfiguration {
        let outcome = load(text, environment: environment, readFile: files(["token": "canary", "api": "canary"]))
        let configuration = try #require(outcome.configuration, "\(outcome.rendered)")
        return EffectiveConfiguration(configuration, outcome.written, variables: variables, environment: environment)
    }

    @Test func `every value has its origin`() throws {
        let text = """
            defaults:
              interval: 15m
              probe_after: 10m
            backends:
              a.b:
                url: http://${env:HOST:-h}/mcp
                session_ttl: 30m
            api: off
            """
        #expect(
            try effective(text, environment: ["HOST": "db"]).text == """
                version: 1                              # default
                telemetry:
                  compression: gzip                     # default
                  session_ids: hash                     # default
                  interval: 1m                          # default
                backends:
                  a.b:
                    url: http://db/mcp                  # mcp-keepalive.yaml:6
                    own_sessions: 0                     # default
                    keepalive_method: ping              # default
                    interval: 15m                       # defaults, mcp-keepalive.yaml:2
                    # in force: 10m, a third of session_ttl
                    jitter: 10%                         # default
                    timeout: 10s                        # default
                    tool_timeout: 30s                   # default
                    failure_threshold: 3                # default
                    probe_after: 10m                    # defaults, mcp-keepalive.yaml:3
                    session_ttl: 30m                    # mcp-keepalive.yaml:7
                    stateful: auto                      # default
                    reinitialize: true                  # default
                    max_requests_in_flight: 64          # default
                api: off                                # mcp-keepalive.yaml:8
                state_dir: none                         # default
                """
        )
    }

    @Test func `what a variable decides names the variable, and the file wins`() throws {
        let variables = [
            "telemetry.endpoint": EffectiveConfiguration.Variable(name: "OTEL_A", value: "http://variable"),
            "telemetry.compression": .init(name: "OTEL_B", value: "none"),
            "telemetry.tls.ca_file": .init(name: "OTEL_C", value: "ca.pem"),
        ]
        let text = try effective("telemetry: { endpoint: http://file }\n" + oneBackend, variables: variables).text
        #expect(text.contains("endpoint: http://file                 # mcp-keepalive.yaml:1\n"))
        #expect(text.contains("compression: none                     # OTEL_B\n"))
        #expect(text.contains("  tls:\n    ca_file: ca.pem                     # OTEL_C\n"))
    }

    /// Secrets at every place that may hold one.
    private static let secretive = """
        telemetry:
          headers: { authorization: Bearer canary, x-a: "${env:SECRET}" }
          resource: { a: "${file:token}" }
        backends:
          a:
            url: "http://h/mcp?key=canary"
            headers: { authorization: "Bearer ${file:token}" }
            fallback_tool: { name: x, arguments: { a: canary, b: [canary] } }
          b:
            url: http://h/mcp
            keepalive_method: tool:x
            tool_arguments: { handle: canary }
        api:
          writable: { listen: 127.0.0.1:1, token_file: api }
          webhook: { url: "http://h/hook?key=canary", headers: { x-b: canary } }
        """

    @Test func `no secret is shown`() throws {
        let effective = try effective(Self.secretive, environment: ["SECRET": "canary"])
        #expect(!effective.text.contains("canary"))
        #expect(effective.text.split(separator: "••••").count == 11, "\(effective.text)")
        var dumped = ""
        dump(effective, to: &dumped)
        #expect(!dumped.contains("canary"))
    }

    @Test(arguments: [secretive.replacing("canary", with: "x"), ConfigurationTests.everything])
    func `what is printed is YAML that means the same but for its secrets`(text: String) throws {
        let environment = ConfigurationTests.environment.merging(["SECRET": "x"]) { $1 }
        let readFile = FileReader { _, _ in .success(FileContents(bytes: Array("x".utf8))) }
        func read(_ text: String) throws -> (Configuration, WrittenConfiguration) {
            let outcome = load(text, environment: environment, readFile: readFile)
            #expect(!outcome.diagnostics.hasErrors, "\(text)\n\(outcome.rendered)")
            return (try #require(outcome.configuration), outcome.written)
        }
        let (configuration, written) = try read(text)
        let printed = EffectiveConfiguration(configuration, written, variables: [:], environment: environment).text
        var (again, _) = try read(printed.replacing("••••", with: "x"))
        #expect(again.backends.map(\.name) == configuration.backends.map(\.name))
        #expect(again.backends.map(\.policy) == configuration.backends.map(\.policy))
        #expect(again.backends.map(\.ownSessions) == configuration.backends.map(\.ownSessions))
        #expect(again.telemetry.resource.map(\.name) == configuration.telemetry.resource.map(\.name))
        again.api.isListenWritten = configuration.api.isListenWritten
        again.api.webhook?.url = configuration.api.webhook?.url ?? ""
        again.api.webhook?.headers = configuration.api.webhook?.headers ?? []
        #expect(again.api == configuration.api)
        #expect(again.sessionsFile == configuration.sessionsFile)
    }

    @Test func `texts that would be read as something else are in quotes`() throws {
        let text = """
            telemetry: { resource: { a: "true", b: "1.10", c: "", d: "a: b #", e: "- x", f: 'a"b', g: é } }
            backends: {}
            """
        let lines = try effective(text).lines.filter { $0.path.starts(with: ["telemetry", "resource"]) }
        #expect(
            lines.compactMap(\.value) == [
                "\"true\"", "\"1.10\"", "\"\"", "\"a: b #\"", "\"- x\"", "\"a\\\"b\"", "\"é\"",
            ]
        )
        #expect(try effective(text).text.contains("backends: {}\n"))
    }
}
