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
            69 something did not answer as it should, 78 the file or an OTEL_ variable has errors.
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
        let variables = OTLPEnvironment(ProcessInfo.processInfo.environment)
        for problem in variables.problems { Terminal.talk("\(problem.severity.rawValue): \(problem)") }
        guard variables.errors.isEmpty else { MCPKeepalive.exit(with: .configuration) }
        warnings += variables.warnings.count
        if denyWarnings, warnings > 0 {
            Terminal.talk(
                "\(configuration.file): \(warnings) warning\(warnings == 1 ? "" : "s"), which --deny-warnings refuses"
            )
            MCPKeepalive.exit(with: .configuration)
        }
        let width = (["sessions"] + configuration.backends.map(\.name)).map(\.count).max() ?? 0
        let report = CheckReport(width: width)
        let count = configuration.backends.count
        let words = "\(count) backend\(count == 1 ? "" : "s")"
        let idle = configuration.idleBackends
        report.say(
            .passed,
            "config",
            "\(words), \(configuration.keptCount) kept alive"
                + (idle.isEmpty
                    ? "" : "; without own_sessions, a sessions_file or an api.socket: \(idle.joined(separator: ", "))")
        )
        let sessionsAreUsable = checkSessionsFile(of: configuration, report)
        guard live else {
            if !sessionsAreUsable { MCPKeepalive.exit(with: .configuration) }
            return
        }
        Terminal.talk("contacting the collector and \(words) ...")
        async let collector = CollectorCheck.run(configuration, variables)
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
        if !sessionsAreUsable { MCPKeepalive.exit(with: .configuration) }
    }

    /// Reads the sessions file as the agent would; false when something in it cannot be used.
    private func checkSessionsFile(of configuration: Configuration, _ report: CheckReport) -> Bool {
        guard let path = configuration.sessionsFile else { return true }
        let sessions = SessionsFile.load(
            path: path,
            backends: configuration.backends.map(\.name),
            environment: ProcessInfo.processInfo.environment,
            now: Int64(AgentClock.system.unixNanoseconds() / 1_000_000_000)
        )
        if sessions.isMissing {
            report.say(.off, "sessions", "\(path) does not exist yet")
            return true
        }
        ConfigurationOptions.show(sessions.diagnostics)
        let isUsable = !sessions.diagnostics.hasErrors && !sessions.isBroken
        let count = sessions.sessions.count
        report.say(isUsable ? .passed : .failed, "sessions", "\(count) session\(count == 1 ? "" : "s") in \(path)")
        return isUsable
    }
}
