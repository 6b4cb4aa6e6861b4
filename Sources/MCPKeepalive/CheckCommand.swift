// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import KeepaliveAgent
import KeepaliveEngine
import OTLPExport

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a configuration file, and with --live also the backends and the collector.",
        discussion: """
            Without --live nothing is contacted. With it, a session is opened on each backend, called once and closed \
            again, and one test batch of each signal is sent to the collector. Exit codes: 0 ok, 66 no such file, \
            69 something did not answer as it should, 78 the file has errors.
            """
    )

    @Argument(help: ArgumentHelp("The configuration file; the same as -c.", valueName: "file"))
    var path: String?

    @OptionGroup var file: ConfigurationOptions

    @Flag(help: "Also contact the backends and the collector.")
    var live = false

    @Flag(help: "Take warnings for errors.")
    var denyWarnings = false

    func validate() throws {
        if path != nil, file.config != nil {
            throw ValidationError("name the file once: either as an argument or with -c")
        }
    }

    func run() async throws {
        var warnings = 0
        let configuration = file.load(orFile: path) {
            ConfigurationOptions.show($0)
            warnings = $0.count
        }
        if denyWarnings, warnings > 0 {
            Terminal.talk(
                "\(configuration.file): \(warnings) warning\(warnings == 1 ? "" : "s"), which --deny-warnings refuses"
            )
            MCPKeepalive.exit(with: .configuration)
        }
        let kept = configuration.backends.filter { $0.policy.method != .none }.count
        let width = (["config", "otlp"] + configuration.backends.map(\.name)).map(\.count).max() ?? 0
        let report = CheckReport(width: width)
        report.say(
            .passed,
            "config",
            "\(configuration.backends.count) backend\(configuration.backends.count == 1 ? "" : "s"), \(kept) kept alive"
        )
        guard live else { return }
        Terminal.talk("contacting the collector and \(configuration.backends.count) backends ...")
        async let collector = Self.checkCollector(configuration)
        let backends = await withTaskGroup(of: (Int, CheckReport.Finding).self) { group in
            for (index, backend) in configuration.backends.enumerated() {
                group.addTask { (index, await BackendCheck(backend).run()) }
            }
            return await group.reduce(into: [Int: CheckReport.Finding]()) { $0[$1.0] = $1.1 }
        }
        var findings = [await collector]
        report.say(findings[0], "otlp")
        for (index, backend) in configuration.backends.enumerated() {
            guard let finding = backends[index] else { continue }
            report.say(finding, backend.name)
            findings.append(finding)
        }
        if findings.contains(where: { $0.mark == .failed }) { MCPKeepalive.exit(with: .unavailable) }
    }

    /// Sends one test batch of each signal.
    private static func checkCollector(_ configuration: Configuration) async -> CheckReport.Finding {
        let settings = OTLPConfiguration(configuration.telemetry, environment: ProcessInfo.processInfo.environment)
        let endpoint = settings.metrics.map { $0.url } ?? ""
        do throws(ExportConfigurationError) {
            let pipeline = try ExportPipeline(settings, metrics: { _ in [] })
            var verdicts: [(signal: Signal, verdict: ExportVerdict)] = []
            let start = ContinuousClock.now
            for signal in Signal.allCases { verdicts.append((signal, await pipeline.sendTest(of: signal))) }
            let duration = ContinuousClock.now - start
            _ = await pipeline.shutdown(within: .seconds(1))
            if verdicts.allSatisfy(\.verdict.isAccepted) {
                return .init(.passed, "\(endpoint.shortened): accepts traces, metrics and logs, in \(duration.text)")
            }
            // What all signals have in common is said once.
            if let first = verdicts.first?.verdict, verdicts.allSatisfy({ $0.verdict == first }) {
                return .init(.failed, "\(endpoint.shortened): \(first)")
            }
            let words = verdicts.map { "\($0.signal.rawValue): \($0.verdict)" }
            return .init(.failed, "\(endpoint.shortened): \(words.joined(separator: "; "))")
        } catch {
            return .init(.failed, "\(error)")
        }
    }
}

extension String {
    /// A signal's URL without the signal's path.
    fileprivate var shortened: String {
        hasSuffix("/v1/metrics") ? String(dropLast("/v1/metrics".count)) : self
    }
}
