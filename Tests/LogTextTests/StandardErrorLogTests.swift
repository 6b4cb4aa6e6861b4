// SPDX-License-Identifier: Apache-2.0

import Glibc
import LogText
import Testing

struct StandardErrorLogTests {
    @Test(.timeLimit(.minutes(1)))
    func `a reader that takes nothing holds up nobody, and is told later what it missed`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let log = StandardErrorLog(format: .logfmt, isUnderJournal: true, descriptor: ends[1])
        let long = String(repeating: "x", count: 5000)
        for _ in 0..<100 { log.write(LogLine(unixNanoseconds: 0, level: .info, message: long)) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let first = unsafe read(ends[0], &bytes, bytes.count)
        #expect(first > 32_768 && first <= 65_536)
        log.write(LogLine(unixNanoseconds: 0, level: .info, message: "m"))
        let second = unsafe read(ends[0], &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, second)), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix(#" log lines lost: nobody read them in time""#) == true)
        #expect(lines.last == "<6>level=info msg=m")
    }

    @Test func `lines from the level on are written, each as one piece`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        let log = StandardErrorLog(format: .logfmt, level: .warning, isUnderJournal: true, descriptor: ends[1])
        for level in LogLevel.allCases { log.write(LogLine(unixNanoseconds: 0, level: level, message: "m")) }
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        #expect(
            String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
                == "<4>level=warning msg=m\n<3>level=error msg=m\n<2>level=critical msg=m\n"
        )
    }
}
