// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation

/// Names the configuration file, and reads it with all its problems told.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("config")],
        help: ArgumentHelp(
            "The configuration file.",
            discussion: """
                Without it: $MCP_KEEPALIVE_CONFIG, ./mcp-keepalive.yaml, /etc/mcp-keepalive/mcp-keepalive.yaml.
                """,
            valueName: "file"
        )
    )
    var config: String?

    /// Reads the file; on an error everything that is wrong is on stderr and the process ends.
    ///
    /// - Parameters:
    ///   - file: a file that was named in another way.
    ///   - form: how an error is told.
    ///   - warn: called with the warnings when the file can be used.
    func load(orFile file: String? = nil, as form: OutputOptions.Form = .text, warn: ([Diagnostic]) -> Void)
        -> Configuration
    {
        let environment = ProcessInfo.processInfo.environment
        let path: String
        switch ConfigurationLookup.find(
            option: config ?? file,
            environment: environment,
            exists: { FileManager.default.fileExists(atPath: $0) }
        ) {
        case .named(let found, _), .found(let found): path = found
        case .missing(let tried):
            CommandFailure(
                "no_such_file",
                "there is no configuration file; tried \(tried.joined(separator: ", "))",
                help: "name one with -c FILE, or see the demo first: mcp-keepalive demo",
                status: .noInput
            ).end(as: form)
        }
        let outcome = ConfigurationLoader.load(path: path, environment: environment)
        guard let configuration = outcome.configuration else {
            if form == .json {
                CommandFailure(file: path, outcome.diagnostics, isMissing: outcome.isMissing).end(as: form)
            }
            Self.show(outcome.diagnostics)
            if outcome.isMissing { MCPKeepalive.exit(with: .noInput) }
            let errors = outcome.diagnostics.filter { $0.severity == .error }.count
            Terminal.talk("\(path): \(errors) error\(errors == 1 ? "" : "s")")
            MCPKeepalive.exit(with: .configuration)
        }
        warn(outcome.diagnostics)
        return configuration
    }

    /// Shows problems on stderr, each with the line that it is about.
    static func show(_ diagnostics: [Diagnostic]) {
        let isColored = Terminal.isColored(
            FileHandle.standardError.fileDescriptor,
            environment: ProcessInfo.processInfo.environment
        )
        for diagnostic in diagnostics { Terminal.talk(diagnostic.rendered(color: isColored)) }
    }
}
