// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Foundation
import Testing

/// Everything that touches the file system, in a folder of its own.
final class FileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func write(_ text: String, to name: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    private func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: destination)
    }

    /// Replaces a file or link atomically.
    private func rename(_ name: String, to other: String) throws {
        let result = unsafe Foundation.rename(path(name), path(other))
        try #require(result == 0)
    }

    // MARK: Reading

    @Test func `reads a file and its permissions`() throws {
        try write("text", to: "a", mode: 0o640)
        #expect(
            FileReader.system(path("a"), limit: 4) == .success(FileContents(bytes: Array("text".utf8), mode: 0o640))
        )
        try write("", to: "empty")
        #expect(FileReader.system(path("empty"), limit: 4) == .success(FileContents(bytes: [])))
    }

    @Test func `reads a large file whole`() throws {
        let text = String(repeating: "0123456789abcdef", count: 100_000)
        try write(text, to: "large")
        #expect(try FileReader.system(path("large"), limit: 1 << 30).get().bytes == Array(text.utf8))
    }

    @Test func `tells why a file cannot be read`() throws {
        try write("12345", to: "a")
        #expect(FileReader.system(path("a"), limit: 4) == .failure(.tooLarge(limit: 4)))
        #expect(FileReader.system(path("none"), limit: 4) == .failure(.missing))
        #expect(FileReader.system(path("a/b"), limit: 4) == .failure(.missing))
        #expect(FileReader.system(path("a\u{0}b"), limit: 4) == .failure(.missing))
        #expect(FileReader.system(folder.path, limit: 4) == .failure(.notRegular))
        try link("loop", to: "loop")
        #expect(FileReader.system(path("loop"), limit: 4) == .failure(.system("Too many levels of symbolic links")))
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not wait for the writer of a pipe`() {
        let made = unsafe mkfifo(path("pipe"), 0o600)
        #expect(made == 0)
        #expect(FileReader.system(path("pipe"), limit: 4) == .failure(.notRegular))
    }

    // MARK: Watching

    @Test func `a file that exists is new at the first poll and not at the second`() throws {
        try write("a", to: "f")
        var watch = FileWatch(path: path("f"))
        #expect(watch.poll() == .changed)
        #expect(watch.poll() == .none)
    }

    @Test func `sees a file come, be written, and go`() throws {
        var watch = FileWatch(path: path("f"))
        #expect(watch.poll() == .none)
        try write("a", to: "f")
        #expect(watch.poll() == .changed)
        let handle = try FileHandle(forWritingTo: folder.appending(path: "f"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("b".utf8))
        try handle.close()
        #expect(watch.poll() == .changed)
        try FileManager.default.removeItem(atPath: path("f"))
        #expect(watch.poll() == .vanished)
        #expect(watch.poll() == .none)
    }

    @Test func `sees an atomic replacement of the same size and time`() throws {
        try write("aaaa", to: "f")
        var watch = FileWatch(path: path("f"))
        #expect(watch.poll() == .changed)
        let modified = try #require(FileManager.default.attributesOfItem(atPath: path("f"))[.modificationDate])
        try write("bbbb", to: "new")
        try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: path("new"))
        try rename("new", to: "f")
        #expect(watch.poll() == .changed)
        #expect(watch.poll() == .none)
    }

    @Test func `sees Kubernetes swap the link to the folder`() throws {
        // f -> ..data/f, ..data -> ..1; an update makes ..2 and renames a new link over ..data.
        for version in ["..1", "..2"] {
            try FileManager.default.createDirectory(atPath: path(version), withIntermediateDirectories: false)
            try write("same", to: "\(version)/f")
        }
        try link("..data", to: "..1")
        try link("f", to: "..data/f")
        var watch = FileWatch(path: path("f"))
        #expect(watch.poll() == .changed)
        #expect(watch.fingerprint?.resolvedPath.hasSuffix("/..1/f") == true)
        try link("..data_tmp", to: "..2")
        try rename("..data_tmp", to: "..data")
        #expect(watch.poll() == .changed)
        #expect(watch.fingerprint?.resolvedPath.hasSuffix("/..2/f") == true)
        #expect(watch.poll() == .none)
    }

    @Test func `sees a link to a hard-linked copy swapped, by its resolved path alone`() throws {
        try write("same", to: "one")
        try FileManager.default.linkItem(atPath: path("one"), toPath: path("two"))
        try link("f", to: "one")
        let before = try #require(FileFingerprint(ofFileAt: path("f")))
        try FileManager.default.removeItem(atPath: path("f"))
        try link("f", to: "two")
        let after = try #require(FileFingerprint(ofFileAt: path("f")))
        #expect(before.inode == after.inode)
        #expect(before != after)
    }

    @Test func `a dangling link is no file`() throws {
        try link("f", to: "nowhere")
        #expect(FileFingerprint(ofFileAt: path("f")) == nil)
    }

    // MARK: Loading

    @Test func `loads a configuration with what it names`() throws {
        let text = """
            sessions_file: sessions.json
            backends:
              a: { url: http://127.0.0.1:1/mcp, headers: { authorization: "Bearer ${file:token}" } }
            """
        try write(text, to: "mcp-keepalive.yaml", mode: 0o644)
        try write("secret\n", to: "token", mode: 0o604)
        try write(#"{"sessions": [{"backend": "a", "session_id": "s"}]}"#, to: "sessions.json")
        let outcome = ConfigurationLoader.load(path: path("mcp-keepalive.yaml"), environment: [:])
        #expect(
            outcome.diagnostics.map(\.message) == [
                "the secret file '\(path("token"))' can be read by others than its owner"
            ]
        )
        let configuration = try #require(outcome.configuration)
        #expect(configuration.backends.first?.headers.first?.value == Secret("Bearer secret"))
        let sessions = SessionsFile.load(
            path: try #require(configuration.sessionsFile),
            backends: configuration.backends.map(\.name),
            environment: [:],
            now: 0
        )
        #expect(sessions.sessions.map(\.backend) == ["a"])
        #expect(sessions.diagnostics == [])
    }

    // MARK: Looking up

    @Test func `the option wins, then the variable, then the first place with a file`() {
        func find(_ option: String?, _ environment: [String: String], _ existing: Set<String>)
            -> ConfigurationLookup.Result
        {
            ConfigurationLookup.find(option: option, environment: environment) { existing.contains($0) }
        }
        let local = "./mcp-keepalive.yaml"
        let system = "/etc/mcp-keepalive/mcp-keepalive.yaml"
        #expect(find("a", ["MCP_KEEPALIVE_CONFIG": "b"], [local]) == .named("a", by: "-c"))
        #expect(find(nil, ["MCP_KEEPALIVE_CONFIG": "b"], [local]) == .named("b", by: "MCP_KEEPALIVE_CONFIG"))
        #expect(find(nil, ["MCP_KEEPALIVE_CONFIG": ""], [local, system]) == .found(local))
        #expect(find(nil, [:], [system]) == .found(system))
        #expect(find(nil, [:], []) == .missing(tried: [local, system]))
    }
}
