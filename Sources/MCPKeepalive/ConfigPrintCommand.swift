// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import OTLPExport

struct ConfigPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Prints the configuration in force as YAML: each value with where it comes from.",
        discussion: """
            What the file says, with defaults merged in, environment variables put in and the built-in defaults added. \
            Secrets are ••••. Exit codes: 0 ok, 66 no such file, 78 the file or an OTEL_ variable has errors.
            """
    )

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() {
        let (configuration, written) = file.loadWritten(as: output.output)
        let environment = ProcessInfo.processInfo.environment
        let variables = EnvironmentOrigins(configuration, environment)
        if let problem = variables.errors.first {
            output.end(with: CommandFailure("configuration_invalid", "\(problem)", status: .configuration))
        }
        let effective = EffectiveConfiguration(
            configuration,
            written,
            variables: variables.values,
            environment: environment
        )
        switch output.output {
        case .text:
            Terminal.say("# \(configuration.file)\(file.namedBy.map { ", named by \($0)" } ?? "")")
            for remark in variables.remarks { Terminal.say("# \(remark)") }
            Terminal.say(effective.text)
        case .json:
            OutputOptions.sayJSON(
                Answer(
                    file: configuration.file,
                    remarks: variables.remarks,
                    values: effective.lines.compactMap(Value.init)
                )
            )
        }
    }

    /// What is printed for programs.
    private struct Answer: Encodable {
        let file: String
        let remarks: [String]
        let values: [Value]
    }

    /// One value with where it comes from.
    private struct Value: Encodable {
        let path: [String]
        /// As YAML.
        let value: String
        let origin: String
        let note: String?

        init?(_ line: EffectiveConfiguration.Line) {
            guard let value = line.value, let origin = line.origin else { return nil }
            path = line.path
            self.value = value
            self.origin = "\(origin)"
            note = line.note
        }
    }
}
