// SPDX-License-Identifier: Apache-2.0

import LogText
import Logging
import Telemetry

extension LogLevel {
    /// The same level as swift-log has it.
    init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }

    /// The severity that OTLP has for it (log data model, "Severity Fields").
    var severity: Severity { Severity(rawValue: UInt8(severityNumber)) }
}
