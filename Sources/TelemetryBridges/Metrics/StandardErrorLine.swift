// SPDX-License-Identifier: Apache-2.0

internal import LogText
internal import OTLPExport

/// Says what is wrong where nobody else is told.
enum StandardErrorLine {
    static func write(_ message: String) {
        let line = LogLine(unixNanoseconds: SystemTime.nanoseconds(), level: .warning, message: message)
        StandardErrorLog(format: .logfmt).write(line)
    }
}
