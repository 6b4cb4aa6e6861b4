// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

struct SessionsFileTests {
    /// Parses a sessions file for the backends `playwright` and `warehouse` in the middle of 2026.
    private func parse(
        _ text: String,
        environment: [String: String] = [:],
        readFile: FileReader = files(),
        previous: [AttachedSession] = []
    ) -> SessionsFile {
        SessionsFile.parse(
            bytes: Array(text.utf8),
            file: "run/sessions.json",
            backends: ["playwright", "warehouse"],
            environment: environment,
            readFile: readFile,
            now: 1_780_000_000,
            previous: previous
        )
    }

    private func rendered(_ file: SessionsFile) -> [String] {
        file.diagnostics.map { $0.rendered() }
    }

    @Test func `an entry has what the file says`() throws {
        let text = """
            {"sessions": [
              {"backend": "playwright", "session_id": "s-1", "protocol_version": "2025-11-25",
               "headers": {"authorization": "Bearer ${file:alice}", "X-B": "${env:B}"},
               "expires_at": "2027-01-01T00:00:00Z"},
              {"backend": "warehouse", "session_id": "~!#"}
            ]}
            """
        let file = parse(text, environment: ["B": "b"], readFile: files(["run/alice": "token\n"]))
        #expect(rendered(file) == [])
        #expect(!file.isBroken)
        let session = try #require(file.sessions.first)
        #expect(session.backend == "playwright")
        #expect(session.sessionID == Secret("s-1"))
        #expect(session.protocolVersion == "2025-11-25")
        #expect(session.headers.map(\.name) == ["authorization", "X-B"])
        #expect(session.headers.map(\.value) == [Secret("Bearer token"), Secret("b")])
        #expect(session.headers.first?.template.canChange == true)
        #expect(session.expiresAt == 1_798_761_600)
        #expect(session.position == SourcePosition(line: 2, column: 3))
        let other = try #require(file.sessions.last)
        #expect(other.sessionID == Secret("~!#"))
        #expect(other.protocolVersion == nil)
        #expect(other.headers == [])
        #expect(other.expiresAt == nil)
    }

    @Test func `no sessions are a good file`() {
        #expect(parse(#"{"sessions": []}"#) == SessionsFile())
    }

    @Test func `an invalid entry is skipped and the others go on`() {
        let text = """
            {"sessions": [
              {"backend": "playwright", "session_id": "canary 1"},
              {"backend": "playwrigth", "session_id": "canary-2"},
              {"backend": "playwright", "session_id": "canary-3", "expiresAt": 5},
              {"backend": "playwright", "session_id": "good"},
              {"backend": "playwright"},
              {"session_id": "canary-4"},
              {"backend": "canary-5", "session_id": "playwright"},
              "canary-6",
              {"backend": 1, "session_id": ["canary-7"], "protocol_version": null, "headers": "canary-8"},
              {"backend": "playwright", "session_id": "canary-9", "expires_at": "tomorrow", "protocol_version": "a b"},
              {"backend": "playwright", "session_id": "canary-10", "session_id": "canary-11"},
              {"backend": "playwright", "session_id": "canary-12", "headers": {
                "mcp-session-id": "canary-13", "canary 14": "x", "x": "a\\nb", "y": "${env:NONE}", "z": "${canary}",
                "a": 1, "A": "b", "b": "c", "B": "d"}}
            ]}
            """
        let file = parse(text)
        #expect(file.sessions.map(\.sessionID) == [Secret("good")])
        #expect(!file.isBroken)
        #expect(
            file.diagnostics.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.keyPath): \($0.message)" } == [
                "2:43 sessions[0].session_id: a session id has 1 to 4096 visible ASCII characters",
                "3:15 sessions[1].backend: no backend 'playwrigth' in the configuration",
                "4:55 sessions[2]: unknown key 'expiresAt'",
                "6:3 sessions[4]: the key 'session_id' is missing",
                "7:3 sessions[5]: the key 'backend' is missing",
                "8:15 sessions[6].backend: no such backend in the configuration",
                "9:3 sessions[7]: expected an object, found a string",
                "10:15 sessions[8].backend: expected a string, found a number",
                "10:32 sessions[8].session_id: expected a string, found a list",
                "10:66 sessions[8].protocol_version: expected a string, found null",
                "10:83 sessions[8].headers: expected an object, found a string",
                "11:69 sessions[9].expires_at: expected a time such as 2027-01-01T00:00:00Z (RFC 3339)",
                "11:101 sessions[9].protocol_version: expected a protocol version such as 2025-11-25",
                "12:56 sessions[10]: duplicate key 'session_id'",
                "14:5 sessions[11].headers: header 'mcp-session-id' cannot be set",
                "14:36 sessions[11].headers: this is not the name of a header",
                "14:59 sessions[11].headers.x: the value of header 'x' contains a line break",
                "14:72 sessions[11].headers.y: environment variable NONE is not set",
                "14:92 sessions[11].headers.z: a substitution that there is not",
                "15:10 sessions[11].headers.a: expected a string, found a number",
                "15:13 sessions[11].headers.A: duplicate header 'A'",
                "15:33 sessions[11].headers.B: duplicate header 'B'",
            ]
        )
        #expect(file.diagnostics.allSatisfy { $0.severity == .error })
        #expect(file.diagnostics[1].help == "did you mean 'playwright'?")
        #expect(file.diagnostics[2].help == "did you mean 'expires_at'?")
        #expect(!prints(of: file).contains("canary"))
    }

    @Test func `a problem is rendered without the line`() {
        let file = parse(#"{"sessions": [{"backend": "warehous", "session_id": "canary"}]}"#)
        #expect(
            rendered(file) == [
                """
                error: no backend 'warehous' in the configuration
                 --> run/sessions.json:1:27
                 = key: sessions[0].backend
                 = help: did you mean 'warehouse'?
                """
            ]
        )
    }

    @Test(arguments: [
        ("", "not valid JSON: unexpected end of the text", 1, 1),
        ("{\"sessions\": [\n{\"backend\": \"canary", "not valid JSON: unexpected end of the text", 2, 20),
        ("[\"canary\"]", "expected an object with the key 'sessions'", 1, 1),
        (" {}", "the key 'sessions' is missing", 1, 2),
        ("{\"sessions\": {\"canary\": 1}}", "expected a list of sessions", 1, 14),
        ("{\"sessions\": [], \"sessions\": []}", "duplicate key 'sessions'", 1, 18),
        ("{\"sessions\": []} canary", "not valid JSON: characters after the end of the value", 1, 18),
        ("{\"sessions\": \(String(repeating: "[", count: 1000))", "not valid JSON: nested too deep", 1, 29),
    ])
    func `a file that cannot be used is broken as a whole`(text: String, message: String, line: Int, column: Int) {
        let file = parse(text)
        #expect(file.isBroken)
        #expect(file.sessions == [])
        #expect(file.diagnostics.map(\.message) == [message])
        #expect(file.diagnostics.first?.position == SourcePosition(line: line, column: column))
        #expect(file.diagnostics.first?.help == "the last good file stays in force")
        #expect(!prints(of: file).contains("canary"))
    }

    @Test func `a file that is not UTF-8 is broken`() {
        let bytes = Array(#"{"sessions": ["é"#.utf8) + [0xFF] + Array(#""]}"#.utf8)
        let file = SessionsFile.parse(
            bytes: bytes,
            file: "f",
            backends: [],
            environment: [:],
            readFile: files(),
            now: 0
        )
        #expect(file.isBroken)
        #expect(file.diagnostics.first?.line == 1)
    }

    @Test func `an entry that occurs twice counts once, the first`() {
        let text = """
            {"sessions": [
              {"backend": "playwright", "session_id": "a", "protocol_version": "1"},
              {"backend": "warehouse", "session_id": "a"},
              {"backend": "playwright", "session_id": "a", "protocol_version": "2"}
            ]}
            """
        let file = parse(text)
        #expect(file.sessions.map(\.backend) == ["playwright", "warehouse"])
        #expect(file.sessions.first?.protocolVersion == "1")
        #expect(file.diagnostics.map(\.message) == ["this session occurs twice in the file: it counts once"])
        #expect(file.diagnostics.map(\.position) == [SourcePosition(line: 4, column: 3)])
        #expect(file.diagnostics.map(\.severity) == [.warning])
    }

    @Test func `an expired entry is left out without a word`() {
        let entries = ["2026-05-28T20:26:39Z", "2026-05-28T20:26:40Z", "2026-05-28T20:26:41Z"].enumerated().map {
            #"{"backend": "playwright", "session_id": "\#($0.offset)", "expires_at": "\#($0.element)"}"#
        }
        let file = parse("{\"sessions\": [\(entries.joined(separator: ","))]}")
        #expect(file.sessions.map(\.sessionID) == [Secret("2")])
        #expect(file.diagnostics == [])
    }

    @Test func `unknown keys beside the list are ignored with a warning`() {
        let file = parse(#"{"version": 1, "sessions": [{"backend": "playwright", "session_id": "a"}]}"#)
        #expect(file.sessions.count == 1)
        #expect(file.diagnostics.map(\.message) == ["unknown key 'version' is ignored"])
        #expect(!file.diagnostics.hasErrors)
    }

    @Test func `a secret that cannot be read any more keeps its last value`() throws {
        let text = #"""
            {"sessions": [{"backend": "playwright", "session_id": "a", "headers": {"x": "${file:t}"}},
                          {"backend": "playwright", "session_id": "b", "headers": {"x": "${file:t}"}}]}
            """#
        let before = parse(text, readFile: files(["run/t": "one"]))
        #expect(before.sessions.count == 2)
        let after = parse(text, previous: [try #require(before.sessions.first)])
        #expect(after.sessions.map(\.sessionID) == [Secret("a")])
        #expect(after.sessions.first?.headers.first?.value == Secret("one"))
        #expect(after.diagnostics.map(\.severity) == [.warning, .error])
        #expect(
            after.diagnostics.first?.message
                == "cannot read 'run/t': there is no such file; the last good value stays in force"
        )
        let rotated = parse(text, readFile: files(["run/t": "two"]), previous: before.sessions)
        #expect(rotated.sessions.first?.headers.first?.value == Secret("two"))
    }

    @Test func `a thousand problems are not reported one by one`() {
        let entries = Array(repeating: "{}", count: 1000).joined(separator: ",")
        let file = parse("{\"sessions\": [\(entries)]}")
        #expect(file.diagnostics.count == 101)
        #expect(file.diagnostics.last?.message == "1900 more problems in this file")
    }

    @Test(.timeLimit(.minutes(1)))
    func `many sessions in one line are read in linear time`() {
        let entries = (0..<20_000).map { #"{"backend":"playwright","session_id":"session-\#($0)"}"# }
        let file = parse("{\"sessions\":[\(entries.joined(separator: ","))]}")
        #expect(file.sessions.count == 20_000)
        #expect(file.sessions.last?.position.column ?? 0 > 1_000_000)
    }

    @Test func `loading tells a missing file from a broken one`() {
        func load(_ readFile: FileReader) -> SessionsFile {
            SessionsFile.load(path: "s.json", backends: [], environment: [:], readFile: readFile, now: 0)
        }
        let missing = load(files())
        #expect(missing.isMissing && missing.isBroken)
        #expect(rendered(missing) == ["warning: cannot read the sessions file: there is no such file\n --> s.json"])
        let denied = load(FileReader { _, _ in .failure(.system("permission denied")) })
        #expect(!denied.isMissing && denied.isBroken)
        #expect(denied.diagnostics.hasErrors)
        let exposed = load(files(["s.json": #"{"sessions": []}"#], exposed: ["s.json"]))
        #expect(!exposed.isBroken)
        #expect(exposed.diagnostics.map(\.message) == ["the sessions file can be read by others than its owner"])
    }

    @Test func `a good file prints without its secrets`() {
        let text = #"{"sessions": [{"backend": "playwright", "session_id": "canary", "headers": {"x": "canary"}}]}"#
        let file = parse(text)
        #expect(file.sessions.count == 1)
        #expect(!prints(of: file).contains("canary"))
    }

    private func prints(of file: SessionsFile) -> String {
        var text = rendered(file).joined()
        dump(file, to: &text)
        return text + "\(file)"
    }
}
