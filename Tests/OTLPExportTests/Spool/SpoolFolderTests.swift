// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Testing

@testable import OTLPExport

@Suite struct SpoolFolderTests {
    private let temporary: TemporaryFolder
    private let spool: String

    init() throws {
        temporary = try TemporaryFolder()
        spool = temporary.path + "/spool"
    }

    @Test func `makes folder and files for its owner alone`() throws {
        let folder = try SpoolFolder(path: spool)
        try folder.write([1, 2, 3], to: "x")
        #expect(temporary.mode("spool") == 0o700)
        #expect(temporary.mode("spool/x") == 0o600)
        #expect(temporary.mode("spool/lock") == 0o600)
        #expect(folder.read("x") == [1, 2, 3])
        #expect(temporary.spooled == ["lock", "x"])
        #expect(folder.read("y") == nil)
    }

    @Test func `makes the folders above as well`() throws {
        let above = try TemporaryFolder()
        do {
            let folder = try SpoolFolder(path: above.path + "/spool/deep")
            try folder.write([1], to: "x")
        }
        #expect(above.names(in: "spool/deep") == ["lock", "x"])
    }

    @Test func `lists its own files and removes what a write left behind`() throws {
        let folder = try SpoolFolder(path: spool)
        let name = "traces-00000000000000000007-5.jsonl.gz"
        try folder.write([UInt8](repeating: 1, count: 5000), to: name)
        try temporary.write([1], to: "spool/.logs-00000000000000000008-5.jsonl.gz.tmp")
        try temporary.write([1], to: "spool/notes.txt")
        let entries = try folder.list()
        #expect(entries == [SpoolEntry(id: 7, signal: .traces, records: 5, bytes: 8192)])
        #expect(temporary.spooled == ["lock", "notes.txt", name])
    }

    @Test func `belongs to one process at a time and names the other`() throws {
        do {
            let first = try SpoolFolder(path: spool)
            let error = #expect(throws: SpoolError.self) { _ = try SpoolFolder(path: spool) }
            #expect(
                error?.description
                    == "another process (\(getpid())) uses it; every agent needs a folder of its own"
            )
            _ = try first.list()
        }
        _ = try SpoolFolder(path: spool)
    }

    @Test func `says why the folder cannot be used`() throws {
        try temporary.write([], to: "file")
        let error = #expect(throws: SpoolError.self) { _ = try SpoolFolder(path: temporary.path + "/file/spool") }
        #expect(error?.description == "cannot make the folder \(temporary.path)/file/spool: Not a directory")
    }

    @Test func `leaves nothing behind when the disk is full`() async throws {
        let path = spool
        await #expect(processExitsWith: .success) { [path = path as String] in
            // The nearest to a full disk that needs no disk: no file may be larger than this.
            var limit = rlimit(rlim_cur: 100, rlim_max: 100)
            _ = signal(SIGXFSZ, SIG_IGN)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let folder = try SpoolFolder(path: path)
            try folder.write([UInt8](repeating: 1, count: 100), to: "small")
            let error = #expect(throws: SpoolError.self) {
                try folder.write([UInt8](repeating: 1, count: 101), to: "large")
            }
            #expect(error?.description == "cannot write to \(path): File too large")
        }
        #expect(temporary.spooled == ["lock", "small"])
    }

    @Test func `reads back the line that it wrote, compressed or not`() throws {
        let body = Array(#"{"resourceSpans":[]}"#.utf8)
        var compressed: [UInt8] = []
        var gzip = try Gzip()
        gzip.compress(body, into: &compressed)
        let file = SpoolFile.encode(compressed: compressed)
        #expect(try Gzip.inflate(file, limit: 100) == body + [0x0A])
        #expect(SpoolFile.decode(file, compressed: true, limit: 100)?.body == compressed)
        #expect(SpoolFile.decode(file, compressed: false, limit: 100)?.body == body)
        #expect(SpoolFile.decode(file, compressed: true, limit: body.count - 1) == nil)
        // A file that somebody compressed anew is as good.
        gzip.compress(body + [0x0A], into: &compressed)
        #expect(SpoolFile.decode(compressed, compressed: true, limit: 100)?.body == body)
    }

    @Test func `finds every damage of a file`() throws {
        var compressed: [UInt8] = []
        var gzip = try Gzip()
        gzip.compress(Array(#"{"resourceSpans":[{"scopeSpans":[]}]}"#.utf8), into: &compressed)
        let file = SpoolFile.encode(compressed: compressed)
        for count in 0..<file.count {
            #expect(SpoolFile.decode(Array(file.prefix(count)), compressed: true, limit: 1000) == nil, "\(count) bytes")
        }
        for index in file.indices {
            var damaged = file
            damaged[index] ^= 0x10
            let content = SpoolFile.decode(damaged, compressed: false, limit: 1000)
            // Name, time and system in a gzip header are not part of the data (RFC 1952, section 2.3.1).
            let isHarmless = content?.body == SpoolFile.decode(file, compressed: false, limit: 1000)?.body
            #expect(content == nil || isHarmless, "byte \(index)")
        }
    }
}
