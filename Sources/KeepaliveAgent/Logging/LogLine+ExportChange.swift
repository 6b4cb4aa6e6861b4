// SPDX-License-Identifier: Apache-2.0

import LogText
import OTLPExport

extension LogLine {
    /// A change in how the export of telemetry goes. It is told on stderr only: telemetry about a failing export would
    /// fail, too.
    init(_ change: ExportChange, unixNanoseconds: UInt64) {
        let level: LogLevel =
            switch change.kind {
            case .recovered, .spool(.recovered): .info
            case .failing, .partial, .spool: .warning
            }
        self.init(
            unixNanoseconds: unixNanoseconds,
            level: level,
            message: change.description,
            fields: [(key: "signal", value: change.signal.rawValue)]
        )
    }
}
