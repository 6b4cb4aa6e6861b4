// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// A configuration file and all that is said about it.
struct Golden: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var rendered: String

    init(_ name: String, _ text: String, _ rendered: String) {
        testDescription = name
        self.text = text
        self.rendered = rendered
    }

    /// Loads the file and compares.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let outcome = load(text, environment: goldenEnvironment, readFile: goldenFiles)
        #expect(outcome.rendered == rendered, sourceLocation: sourceLocation)
        #expect((outcome.configuration == nil) == rendered.contains("error: "), sourceLocation: sourceLocation)
    }
}

/// The environment of all goldens.
let goldenEnvironment = ["SECRET": "hunter2"]

/// The files of all goldens.
let goldenFiles = FileReader { path, limit in
    if path == "latin1" { return .success(FileContents(bytes: [0x68, 0xFC])) }
    let contents = [
        "ca.pem": "certificate", "open.pem": "hunter2", "open-token": "hunter2", "two-lines": "hunter2\nhunter2",
        "k.pem": "hunter2",
    ]
    return files(contents, exposed: ["open.pem", "open-token"])(path, limit: limit)
}

/// A backend with nothing but a URL.
let oneBackend = "backends: { a: { url: http://127.0.0.1:1/mcp } }\n"

/// A file with these lines in `telemetry`.
func inTelemetry(_ lines: String) -> String {
    "telemetry:\n  \(lines)\n\(oneBackend)"
}

/// A file with these lines in `defaults`.
func inDefaults(_ lines: String) -> String {
    "defaults:\n\(indented(lines, by: "  "))\n\(oneBackend)"
}

/// A file with these lines in a backend.
func inBackend(_ lines: String) -> String {
    "backends:\n  a:\n    url: http://127.0.0.1:1/mcp\n\(indented(lines, by: "    "))\n"
}

/// A file with these lines in a backend whose URL is `https`.
func inEncryptedBackend(_ lines: String) -> String {
    "backends:\n  a:\n    url: https://127.0.0.1:1/mcp\n\(indented(lines, by: "    "))\n"
}

/// A file with this URL of a backend.
func inURL(_ url: String) -> String {
    "backends:\n  a:\n    url: \(url)\n"
}

private func indented(_ lines: String, by indentation: String) -> String {
    lines.split(separator: "\n").map { indentation + $0 }.joined(separator: "\n")
}
