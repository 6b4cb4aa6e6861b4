// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// `api`, `state_dir`, `max_idle` and `max_lifetime`: what is read.
struct APITests {
    static let readFile = files(["secrets/api": "token\n", "token": "webhook\n"])

    private func configuration(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
        let outcome = load(text + oneBackend, environment: environment, readFile: Self.readFile)
        #expect(outcome.rendered == "")
        return try #require(outcome.configuration)
    }

    @Test func `is on for readers of this machine by default`() throws {
        let configuration = try configuration("")
        #expect(configuration.api == APIConfiguration())
        #expect(configuration.api.listen == ListenAddress(host: "127.0.0.1", port: 7464))
        #expect(!configuration.api.isListenWritten && configuration.api.socket == nil && !configuration.api.isSocketOff)
        #expect(configuration.api.maxSessions == 50_000)
        #expect(configuration.stateDirectory == nil)
        #expect(try self.configuration("api:\n").api == APIConfiguration())
    }

    @Test func `has what the file says`() throws {
        let configuration = try configuration(
            """
            api:
              listen: "[::1]:7464"
              socket: run/api.sock
              allowed_users: [root, gateway, 1001, "${env:NAME}"]
              allowed_groups: [mcp]
              writable: { listen: "127.0.0.1:7465", token_file: secrets/api, allowed_hosts: [Agent.Internal] }
              max_sessions: 1000000
              webhook: { url: "http://127.0.0.1:9/hook?key=1", headers: { authorization: "Bearer ${file:token}" } }
            state_dir: state

            """,
            environment: ["NAME": "42"]
        )
        let api = configuration.api
        #expect(api.listen == ListenAddress(host: "::1", port: 7464))
        #expect(api.isListenWritten && !api.isSocketOff)
        #expect(api.socket == "run/api.sock")
        #expect(api.allowedUsers == ["root", "gateway", "1001", "42"])
        #expect(api.allowedGroups == ["mcp"])
        #expect(api.writable?.address == ListenAddress(host: "127.0.0.1", port: 7465))
        #expect(api.writable?.tokenFile == "secrets/api")
        #expect(api.writable?.allowedHosts == ["agent.internal"])
        #expect(api.maxSessions == 1_000_000)
        #expect(api.webhook?.url == "http://127.0.0.1:9/hook?key=1")
        #expect(api.webhook?.headers.map(\.value) == [Secret("Bearer webhook")])
        #expect(configuration.stateDirectory == "state")
    }

    private static let encrypted: [(text: String, token: String?, key: String?, authority: String?)] = [
        ("token_file: token, tls: { certificate_file: c.pem, key_file: k.pem }", "token", "k.pem", nil),
        ("tls: { certificate_file: c.pem, client_ca_file: a.pem }", nil, nil, "a.pem"),
        ("token_file: token, tls: { certificate_file: c.pem, client_ca_file: a.pem }", "token", nil, "a.pem"),
    ]

    @Test(arguments: encrypted)
    func `encryption needs no warning, and certificates no token`(
        text: String,
        token: String?,
        key: String?,
        authority: String?
    ) throws {
        let outcome = load(
            "api: { writable: { listen: '0.0.0.0:7465', \(text) } }\n" + oneBackend,
            readFile: files(["token": "t", "c.pem": "c", "k.pem": "k", "a.pem": "a"])
        )
        #expect(outcome.rendered == "")
        let writable = try #require(outcome.configuration?.api.writable)
        #expect(writable.tokenFile == token && writable.tls?.certificateFile == "c.pem")
        #expect(writable.tls?.keyFile == key && writable.tls?.clientAuthorityFile == authority)
    }

    @Test(arguments: ["api: off\n", "api: \"${env:API}\"\n"])
    func `a single word switches everything off`(text: String) throws {
        let api = try configuration(text, environment: ["API": "off"]).api
        #expect(api == .off)
        #expect(api.listen == nil && api.isListenWritten && api.isSocketOff)
        #expect(api.socketPath(environment: ["RUNTIME_DIRECTORY": "/run/x"]) == nil)
    }

    @Test func `the parts are switched off one by one`() throws {
        let api = try configuration("api: { listen: off, socket: off }\nstate_dir: none\n").api
        #expect(api.listen == nil && api.isListenWritten && api.socket == nil && api.isSocketOff)
        #expect(try configuration("state_dir: none\n").stateDirectory == nil)
        #expect(try configuration("state_dir: ./none\n").stateDirectory == "./none")
    }

    @Test func `paths are relative to the file`() throws {
        let outcome = ConfigurationLoader.load(
            text: "api: { socket: api.sock }\nstate_dir: state\n" + oneBackend,
            file: "/etc/agent/agent.yaml",
            environment: [:],
            readFile: Self.readFile
        )
        let configuration = try #require(outcome.configuration)
        #expect(configuration.api.socket == "/etc/agent/api.sock")
        #expect(configuration.stateDirectory == "/etc/agent/state")
    }

    @Test(
        arguments: [
            ([:], nil),
            (["XDG_RUNTIME_DIR": "/run/user/7"], "/run/user/7/mcp-keepalive/api.sock"),
            (["XDG_RUNTIME_DIR": "run"], nil), (["XDG_RUNTIME_DIR": "", "RUNTIME_DIRECTORY": ""], nil),
            (["XDG_RUNTIME_DIR": "/run/user/7", "RUNTIME_DIRECTORY": "/run/a:/run/b"], "/run/a/api.sock"),
        ] as [([String: String], String?)]
    )
    func `a socket that nobody wrote is where such things are`(environment: [String: String], path: String?) {
        #expect(APIConfiguration().socketPath(environment: environment) == path)
        var written = APIConfiguration()
        written.socket = "/s"
        #expect(written.socketPath(environment: environment) == "/s")
    }

    @Test func `the limits of a session are inherited`() throws {
        let outcome = load(
            """
            defaults: { max_idle: 2h, max_lifetime: 12h }
            backends:
              a: { url: "http://127.0.0.1:1/mcp", max_idle: 1s }
              b: { url: "http://127.0.0.1:2/mcp" }
            """
        )
        #expect(outcome.rendered == "")
        let backends = try #require(outcome.configuration).backends
        #expect(backends.map(\.maxIdle) == [.seconds(1), .seconds(7200)])
        #expect(backends.map(\.maxLifetime) == [.seconds(43_200), .seconds(43_200)])
        #expect(try configuration("").backends.map(\.maxIdle) == [nil])
        #expect(try configuration("").backends.map(\.maxLifetime) == [nil])
    }
}
