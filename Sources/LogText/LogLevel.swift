// SPDX-License-Identifier: Apache-2.0

/// How important a log record is.
package enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    /// Orders by importance.
    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.severityNumber < right.severityNumber
    }

    /// The severity number of OpenTelemetry's log data model (its "Severity Fields": INFO 9, WARN 13, ERROR 17).
    package var severityNumber: Int {
        switch self {
        case .trace: 1
        case .debug: 5
        case .info: 9
        case .notice: 10
        case .warning: 13
        case .error: 17
        case .critical: 18
        }
    }

    /// A word of at most five letters, for people.
    var label: String {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO"
        case .notice: "NOTE"
        case .warning: "WARN"
        case .error: "ERROR"
        case .critical: "CRIT"
        }
    }

    /// The priority that systemd's journal reads from a `<N>` prefix (sd-daemon(3)).
    var journalPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
