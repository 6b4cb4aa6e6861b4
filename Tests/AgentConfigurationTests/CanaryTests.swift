// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// No secret is ever printed, whatever is wrong with the file that it is in.
struct CanaryTests {
    /// Everything that can be printed of an outcome.
    private func prints(of outcome: ConfigurationLoader.Outcome) -> String {
        var text = outcome.rendered
        dump(outcome, to: &text)
        return text + "\(outcome)" + String(reflecting: outcome)
    }

    @Test func `a good configuration prints without its secrets`() throws {
        let text = """
            telemetry:
              headers: { authorization: "Bearer ${file:token}", x-a: canary-literal }
            backends:
              a:
                url: http://127.0.0.1:1/mcp
                headers: { authorization: "Bearer ${env:TOKEN}", x-b: "${env:NONE:-canary-default}" }
                keepalive_method: tool:x
                tool_arguments: { handle: canary-handle, other: "${file:token}" }
            """
        let environment = ["TOKEN": "canary-environment"]
        let outcome = load(
            text,
            environment: environment,
            readFile: files(["token": "canary-file"], exposed: ["token"])
        )
        let backend = try #require(outcome.configuration?.backends.first)
        #expect(backend.headers.map { $0.value.reveal { $0 } } == ["Bearer canary-environment", "canary-default"])
        #expect(outcome.diagnostics.count == 2, "the file that others can read is warned about at both places")
        #expect(!prints(of: outcome).contains("canary"))
    }

    /// Files with one problem each, at or near a literal secret.
    static let broken = [
        "backends: { a: { url: http://h/1, headers: { x: canary }, zebra: 1 } }",
        "backends: { a: { url: http://h/1, headers: { x: canary, y: [] }, zebra: 1 } }",
        "backends: { a: { url: http://h/1, headers: { x: canary }, own_sessions: -1, jitter: 3 } }",
        "backends: { a: { url: http://h/1, zebra: 1, headers: { x: 'it''s a canary, really', y: 'canary' }, interval: 1 } }",
        "backends:\n  a:\n    url: http://h/1\n    headers:\n      x: >\n        canary\n        canary\n      host: canary",
        "backends: {a: {url: http://h/1, headers: {x: 'a\n canary', accept: canary\n canary}, zebra: 1}}",
        "backends: { a: { url: http://h/1, heders: { x: canary } } }",
        "backends: { a: { url: http://h/1, header: { x: canary } } }",
        "backends: { a: { url: http://h/1, authorization: canary } }",
        "backends: { a: { url: http://h/1, api_key: canary, token: [canary], password: canary } }",
        "backends: { a: { url: http://h/1, headers: canary } }",
        "backends: { a: { url: http://h/1, headers: [canary] } }",
        "backends: { a: { url: http://user:canary@h/1 } }",
        "backends: { a: { url: 'htp://h/1?key=canary' } }",
        "backends: { a: { url: Bearer canary } }",
        "backends: { a: { url: http://h/1, headers: { \"x: canary\": authorization } } }",
        "backends: { a: { url: http://h/1, headers: { x: \"canary\\n\" } } }",
        "backends: { a: { url: http://h/1, headers: { x: \"${canary}\" } } }",
        "backends: { a: { url: http://h/1, headers: { x: \"${env:NONE:-canary}${env:NONE}\" } } }",
        "backends: { a: { url: http://h/1, tool_arguments: { handle: canary } } }",
        "backends: { a: { url: http://h/1, keepalive_method: tool:x, tool_arguments: { handle: \"${canary}\" } } }",
        "backends:\n  a:\n    headers:\n      x: \"canary\n",
        "backends:\n  a:\n    headers:\n      x: canary\n      x: canary\n",
        "backends:\n  a:\n    headers:\n      x: canary: canary\n",
        "backends:\n  a:\n    headers:\n\tx: canary\n",
        "backends:\n  a:\n    headers: { x: canary: canary, [canary }\n",
        "backends:\n  a:\n    headers: {\n  x: canary: canary\n  }\n",
        "backends:\n  a:\n    headers:\n      x: |\n        canary\n     k: canary: [\n",
        "backends:\n  a:\n    api_key: canary: canary\n",
        "# authorization\nbackends: *canary\n",
        "backends: { a: { url: http://h/1, interval: '${env:SECRET}', jitter: '${env:SECRET}' } }",
        "backends: { a: { url: 'http://h:${env:SECRET}/', keepalive_method: '${env:SECRET}' } }",
        "backends: { a: { url: '${env:SECRET}', stateful: '${env:SECRET}', reinitialize: '${env:SECRET}' } }",
        "telemetry: { compression: '${file:token}', endpoint: '${file:token}', interval: '${file:token}' }",
        "version: '${file:token}'",
        "sessions_file: '${file:token}'\nbogus: 1",
        "backends: { a: { url: https://h/1, tls: { ca_file: '${file:token}', client_key_file: 'x${file:token}' } } }",
        "telemetry: { headers: { x: canary }, headers: { x: canary } }",
    ]

    @Test(arguments: broken)
    func `a broken configuration is reported without its secrets`(text: String) {
        let outcome = load(text, environment: ["SECRET": "canary"], readFile: files(["token": "canary"]))
        #expect(outcome.diagnostics.hasErrors)
        // A name of an alias or of a variable is no secret, and shown where it is written.
        let shown = prints(of: outcome).replacing("*canary", with: "")
        #expect(!shown.contains("canary"), "\(outcome.rendered)")
    }

    @Test func `what is beside a secret can still be seen`() {
        let text = "backends: { a: { url: http://h/1, headers: { x: 'canary', y: canary }, zebra: 1, jitter: 5% } }"
        #expect(
            load(text).rendered == """
                error: unknown key 'zebra'
                 --> mcp-keepalive.yaml:1:72
                  |
                1 | backends: { a: { url: http://h/1, headers: { x: ••••, y: •••• }, zebra: 1, jitter: 5% } }
                  |                                                                  ^ backends.a.zebra
                  = help: known keys are failure_threshold, fallback_tool, headers, interval, jitter, keepalive_method, \
                max_idle, max_lifetime, max_requests_in_flight, max_requests_per_second, own_sessions, probe_after, \
                reinitialize, \
                session_lifetime, session_ttl, stateful, timeout, tls, tool_arguments, tool_timeout, url
                """
        )
    }
}
