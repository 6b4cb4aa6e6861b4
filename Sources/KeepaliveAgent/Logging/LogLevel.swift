// SPDX-License-Identifier: Apache-2.0

/// How important a log record is.
package enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    /// The severity number of OpenTelemetry's log data model (its "Severity Fields": INFO 9, WARN 13, ERROR 17).
    package var severityNumber: Int {
        switch self {
        case .debug: 5
        case .info: 9
        case .warning: 13
        case .error: 17
        }
    }

    /// The short name of that severity number in the log data model.
    package var severityText: String {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        }
    }

    /// The priority that systemd's journal reads from a `<N>` prefix (sd-daemon(3)).
    var journalPriority: Int {
        switch self {
        case .debug: 7
        case .info: 6
        case .warning: 4
        case .error: 3
        }
    }

    private var rank: Int { severityNumber }
}
