// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import OTLPExport

struct TelemetryCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Sends one test batch of each signal to the collector and says what became of it.",
        discussion: """
            The batch is a span, a gauge and a log record named telemetry_test; backends are not contacted. Exit codes: \
            0 all accepted, 66 no such file, 69 something was not accepted, 78 the file or an OTEL_ variable has errors.
            """
    )

    @OptionGroup var file: ConfigurationOptions

    func run() async throws {
        let configuration = file.load(warn: ConfigurationOptions.show)
        let variables = OTLPEnvironment(ProcessInfo.processInfo.environment)
        for problem in variables.problems { Terminal.talk("\(problem.severity.rawValue): \(problem)") }
        guard variables.errors.isEmpty else { MCPKeepalive.exit(with: .configuration) }
        Terminal.talk("sending one batch of each signal ...")
        let findings: [(signal: Signal, finding: CheckReport.Finding)]
        do throws(ExportConfigurationError) {
            findings = try await CollectorCheck.bySignal(configuration, variables)
        } catch {
            Terminal.talk("error: telemetry: \(error)")
            MCPKeepalive.exit(with: .configuration)
        }
        let report = CheckReport(width: findings.map(\.signal.rawValue.count).max() ?? 0)
        for (signal, finding) in findings { report.say(finding, signal.rawValue) }
        if findings.contains(where: { $0.finding.mark == .failed }) { MCPKeepalive.exit(with: .unavailable) }
    }
}
