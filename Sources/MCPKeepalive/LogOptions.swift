// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import KeepaliveAgent
import LogText

/// How the agent's own log looks.
struct LogOptions: ParsableArguments {
    /// The values of `--log-format`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case auto
        case pretty
        case logfmt
        case json
    }

    /// The values of `--log-level`.
    enum Level: String, ExpressibleByArgument, CaseIterable {
        case debug
        case info
        case warning
        case error
    }

    @Option(help: "How log lines on stderr look; auto: pretty on a terminal, else logfmt.")
    var logFormat: Format = .auto

    @Option(help: "Leave out log lines that are less important.")
    var logLevel: Level = .info

    /// The log that the options ask for.
    func sink() -> StandardErrorLog {
        let environment = ProcessInfo.processInfo.environment
        let descriptor = FileHandle.standardError.fileDescriptor
        let format: LogFormat =
            switch logFormat {
            case .auto: Terminal.isTerminal(descriptor) ? .pretty : .logfmt
            case .pretty: .pretty
            case .logfmt: .logfmt
            case .json: .json
            }
        let level: LogLevel =
            switch logLevel {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        return StandardErrorLog(
            format: format,
            level: level,
            isColored: Terminal.isColored(descriptor, environment: environment),
            // Set by systemd for services whose stderr its journal reads (systemd.exec(5)).
            isUnderJournal: environment["JOURNAL_STREAM"] != nil && !Terminal.isTerminal(descriptor)
        )
    }
}
