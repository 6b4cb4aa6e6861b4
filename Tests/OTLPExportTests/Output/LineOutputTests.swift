// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import OTLPExport

/// Lines to a pipe, as to a log collector that reads stdout.
@Suite(.timeLimit(.minutes(1)))
struct LineOutputTests {
    /// A pipe whose end of reading is in the test's hands.
    private final class Pipe {
        let reader: Int32
        let writer: Int32
        private var isReaderOpen = true

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
            try #require(fcntl(reader, F_SETFL, O_NONBLOCK) == 0)
        }

        deinit {
            closeReader()
            close(writer)
        }

        func closeReader() {
            if isReaderOpen { close(reader) }
            isReaderOpen = false
        }

        /// What is in the pipe.
        func drain() -> [UInt8] {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let got = unsafe piece.withUnsafeMutableBytes { buffer in
                    unsafe read(reader, buffer.baseAddress, buffer.count)
                }
                guard got > 0 else { return bytes }
                bytes += piece[..<got]
            }
        }
    }

    private static let line = Array("{}".utf8)

    @Test func `writes lines one after the other`() throws {
        let pipe = try Pipe()
        let output = LineOutput(pipe.writer)
        #expect(output.write(Self.line, within: .seconds(1)) == .accepted)
        #expect(output.write(Array("[]".utf8), within: .seconds(1)) == .accepted)
        #expect(pipe.drain() == Array("{}\n[]\n".utf8))
    }

    @Test func `a reader that stalls keeps nobody, and lines stay whole`() throws {
        let pipe = try Pipe()
        let output = LineOutput(pipe.writer)
        // More than a pipe holds.
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        let start = ContinuousClock.now
        #expect(output.write(long, within: .milliseconds(50)) == .accepted)
        // The rest of the first line comes first, so that there is no place for another.
        #expect(output.write(Self.line, within: .milliseconds(50)) == .stalled)
        #expect(output.write(Self.line, within: .zero) == .stalled)
        #expect(ContinuousClock.now - start < .seconds(10))
        var text = pipe.drain()
        while output.write(Self.line, within: .zero) != .accepted { text += pipe.drain() }
        text += pipe.drain()
        #expect(text == long + Array("\n{}\n".utf8))
    }

    @Test func `a reader that went away is a failure, not the end of the process`() throws {
        // As on the export thread.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        #expect(unsafe pthread_sigmask(SIG_BLOCK, &signals, nil) == 0)
        let pipe = try Pipe()
        pipe.closeReader()
        let output = LineOutput(pipe.writer)
        #expect(output.write(Self.line, within: .seconds(1)) == .failed(EPIPE))
        let result = OTLPExporter.write(Self.line, to: output, within: .seconds(1))
        #expect(result == .refused(.transport(.disconnect), retryAfter: nil, details: "stdout was closed"))
    }

    @Test func `a descriptor that is closed is a failure`() throws {
        let output = LineOutput(-1)
        // poll(2) takes a negative descriptor for one that is never ready.
        #expect(output.write(Self.line, within: .zero) == .stalled)
        let result = OTLPExporter.write(Self.line, to: output, within: .zero)
        #expect(result == .refused(.transport(.timeout), retryAfter: nil, details: "nobody reads stdout"))
    }
}
