// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Telemetry
import Testing

@testable import OTLPExport

/// Lines of OTLP JSON in files, as collectors read them.
@Suite(.timeLimit(.minutes(1)))
struct FileOutputTests {
    private static let line = Array("{}".utf8)

    @Test func `makes the file, for its owner and group only, and appends to it`() throws {
        let directory = try TemporaryFolder()
        let file = FileOutput(path: directory("lines"))
        #expect(file.append(Self.line) == .written)
        #expect(file.append(Array("[]".utf8)) == .written)
        #expect(try directory.text("lines") == "{}\n[]\n")
        #expect(directory.mode("lines") & 0o007 == 0)
    }

    @Test func `a file that was renamed is made again`() throws {
        let directory = try TemporaryFolder()
        let file = FileOutput(path: directory("lines"))
        #expect(file.append(Self.line) == .written)
        try #require(unsafe rename(directory("lines"), directory("older")) == 0)
        #expect(file.append(Array("[]".utf8)) == .written)
        #expect(try directory.text("older") == "{}\n")
        #expect(try directory.text("lines") == "[]\n")
    }

    @Test(arguments: [("", "{}\n"), ("[]\n", "[]\n{}\n"), ("{\"half", "{\"half\n{}\n")])
    func `half a line of an earlier process damages no other`(_ before: String, _ after: String) throws {
        let directory = try TemporaryFolder()
        try directory.write(Array(before.utf8), to: "lines")
        #expect(FileOutput(path: directory("lines")).append(Self.line) == .written)
        #expect(try directory.text("lines") == after)
    }

    @Test func `what is no file is not waited for`() throws {
        let directory = try TemporaryFolder()
        try #require(unsafe mkfifo(directory("pipe"), 0o600) == 0)
        for path in [directory.path, directory("pipe"), "/dev/full"] {
            #expect(FileOutput(path: path).append(Self.line) == .notAFile)
        }
        let result = OTLPExporter.append(Self.line, to: FileOutput(path: directory.path))
        #expect(result == .refused(.transport(.configuration), retryAfter: nil, details: "not a regular file"))
        #expect(FileOutput(path: directory("none/lines")).append(Self.line) == .failed(ENOENT))
    }

    @Test func `a pipeline writes what it would send, and tells of trouble once and of its end`() async throws {
        let directory = try TemporaryFolder()
        let place = directory("later")
        let scripted = try ScriptedCollector(configure: { $0.traces = .init(output: .file("\(place)/lines")) })
        scripted.pipeline.start()
        for _ in 1...3 {
            scripted.enqueue(spans: 1)
            #expect(await scripted.pipeline.forceFlush())
        }
        let failing = ExportChange.Kind.failing(errorType: "_OTHER", details: "No such file or directory")
        #expect(scripted.changes.record == [failing])
        #expect(scripted.traces.failed["_OTHER"] == 3)
        try directory.makeFolder("later")
        for _ in 1...2 {
            scripted.enqueue(spans: 1)
            #expect(await scripted.pipeline.forceFlush())
        }
        #expect(scripted.changes.record == [failing, .recovered])
        let lines = try directory.text("later/lines").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"resourceSpans":["#) && $0.hasSuffix("}") })
        #expect(scripted.peer.requests.isEmpty)
        await scripted.stop()
    }
}
