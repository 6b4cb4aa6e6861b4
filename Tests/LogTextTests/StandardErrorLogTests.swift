// SPDX-License-Identifier: Apache-2.0

import Glibc
import LogText
import Testing

struct StandardErrorLogTests {
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
