// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Telemetry
import Testing

@testable import OTLPExport

/// Lines of OTLP JSON in files, as collectors read them.
@Suite(.timeLimit(.minutes(1)))
struct FileOutputTests {
    /// A directory of the test's own, removed with what is in it.
    private final class Directory {
        let path: String

        init() throws {
            var template = Array("/tmp/file-output-XXXXXX".utf8CString)
            path = try unsafe template.withUnsafeMutableBufferPointer { buffer in
                let name = try unsafe #require(buffer.baseAddress)
                try #require(unsafe mkdtemp(name) != nil)
                return unsafe String(cString: name)
            }
        }

        deinit {
            for name in ["lines", "older", "pipe"] { unsafe unlink("\(path)/\(name)") }
            unsafe rmdir(path)
        }

        func text(_ name: String = "lines") throws -> String {
            let descriptor = unsafe open("\(path)/\(name)", O_RDONLY)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        func put(_ text: String) throws {
            let descriptor = unsafe open("\(path)/lines", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            let bytes = Array(text.utf8)
            let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            try #require(count == bytes.count)
        }
    }

    private static let line = Array("{}".utf8)

    @Test func `makes the file, for its owner and group only, and appends to it`() throws {
        let directory = try Directory()
        let file = FileOutput(path: "\(directory.path)/lines")
        #expect(file.append(Self.line) == .written)
        #expect(file.append(Array("[]".utf8)) == .written)
        #expect(try directory.text() == "{}\n[]\n")
        var status = stat()
        try #require(unsafe stat("\(directory.path)/lines", &status) == 0)
        #expect(status.st_mode & 0o007 == 0)
    }

    @Test func `a file that was renamed is made again`() throws {
        let directory = try Directory()
        let file = FileOutput(path: "\(directory.path)/lines")
        #expect(file.append(Self.line) == .written)
        try #require(unsafe rename("\(directory.path)/lines", "\(directory.path)/older") == 0)
        #expect(file.append(Array("[]".utf8)) == .written)
        #expect(try directory.text("older") == "{}\n")
        #expect(try directory.text() == "[]\n")
    }

    @Test(arguments: [("", "{}\n"), ("[]\n", "[]\n{}\n"), ("{\"half", "{\"half\n{}\n")])
    func `half a line of an earlier process damages no other`(_ before: String, _ after: String) throws {
        let directory = try Directory()
        try directory.put(before)
        #expect(FileOutput(path: "\(directory.path)/lines").append(Self.line) == .written)
        #expect(try directory.text() == after)
    }

    @Test func `what is no file is not waited for`() throws {
        let directory = try Directory()
        try #require(unsafe mkfifo("\(directory.path)/pipe", 0o600) == 0)
        for path in [directory.path, "\(directory.path)/pipe", "/dev/full"] {
            #expect(FileOutput(path: path).append(Self.line) == .notAFile)
        }
        let result = OTLPExporter.append(Self.line, to: FileOutput(path: directory.path))
        #expect(result == .refused(.transport(.configuration), retryAfter: nil, details: "not a regular file"))
        #expect(FileOutput(path: "\(directory.path)/none/lines").append(Self.line) == .failed(ENOENT))
    }

    @Test func `a pipeline writes what it would send, and tells of trouble once and of its end`() async throws {
        let directory = try Directory()
        let place = "\(directory.path)/later"
        let scripted = try ScriptedCollector(configure: { $0.traces = .init(output: .file("\(place)/lines")) })
        scripted.pipeline.start()
        for _ in 1...3 {
            scripted.enqueue(spans: 1)
            #expect(await scripted.pipeline.forceFlush())
        }
        let failing = ExportChange.Kind.failing(errorType: "_OTHER", details: "No such file or directory")
        #expect(scripted.changes.all == [failing])
        #expect(scripted.traces.failed["_OTHER"] == 3)
        try #require(unsafe mkdir(place, 0o700) == 0)
        for _ in 1...2 {
            scripted.enqueue(spans: 1)
            #expect(await scripted.pipeline.forceFlush())
        }
        #expect(scripted.changes.all == [failing, .recovered])
        let lines = try directory.text("later/lines").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"resourceSpans":["#) && $0.hasSuffix("}") })
        #expect(scripted.peer.requests.isEmpty)
        await scripted.stop()
        unsafe unlink("\(place)/lines")
        unsafe rmdir(place)
    }
}
