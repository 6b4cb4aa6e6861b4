// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import ControlAPI
import Foundation
import LogText

/// Reads the configuration file again, on request or when it changed, lets the agent go over to it, and tells what came of it:
/// on the log, to the service manager, and as a metric. A file that cannot be used changes nothing.
package actor ConfigurationReloader {
    /// Why the file is read again.
    package enum Cause: Sendable {
        /// Somebody asked for it.
        case asked
        /// It is another one than before, or may be.
        case changed
    }

    private let agent: Agent
    private let path: String
    private let files: OpenFileLimit
    private let service: ServiceNotifier
    private let api: APIOverride?
    private let environment: [String: String]
    private let readFile: FileReader
    private let clock: AgentClock
    private let log: any LogSink
    private let turnstile = Turnstile()
    private var watch: FileWatch
    /// Whether the file was another one at the last poll: it may not be complete yet.
    private var isSettling = false
    /// When the configuration was read that is in force, in nanoseconds since 1970.
    private var loadedAt: UInt64
    private var problem: ControlProblem?

    /// How often the file is looked at. One that changed is read when it did not change any more between two looks.
    private static let pollInterval: Duration = .milliseconds(500)
    /// How many problems an answer or the log tells one by one.
    private static let mostProblems = 50

    /// - Parameters:
    ///   - agent: was set up with what was in the file just now.
    ///   - path: the configuration file.
    ///   - files: what `max_requests_in_flight` is bounded by.
    ///   - api: what was said of the local API when the agent was started.
    package init(
        of agent: Agent,
        path: String,
        files: OpenFileLimit,
        api: APIOverride? = nil,
        service: ServiceNotifier,
        log: any LogSink,
        clock: AgentClock = .system,
        environment: [String: String],
        readFile: FileReader = .system
    ) {
        self.agent = agent
        self.path = path
        self.files = files
        self.api = api
        self.service = service
        self.log = log
        self.clock = clock
        self.environment = environment
        self.readFile = readFile
        watch = FileWatch(path: path)
        loadedAt = clock.unixNanoseconds()
    }

    /// Which configuration is in force.
    package var view: ConfigurationView {
        ConfigurationView(
            file: path,
            loadedAt: Date(timeIntervalSince1970: Double(loadedAt) / 1e9),
            problem: problem?.detail
        )
    }

    /// Reads the file again and goes over to it.
    ///
    /// - Throws: `configuration_invalid` with all problems, `shutting_down`; nothing is changed then.
    package func reload() async throws(ControlProblem) -> ReloadReport {
        try await attempt(.asked).get()
    }

    /// Looks at the file now and then, until the task is canceled.
    package func watch() async {
        while !Task.isCancelled {
            await poll()
            // Ends early when it is canceled, and then so does the loop.
            try? await Task.sleep(for: Self.pollInterval)
        }
    }

    /// Looks at the file once. The first time it may have changed since it was read at the start.
    package func poll() async {
        let isChanged = watch.poll() != .none
        let isSettled = isSettling && !isChanged
        isSettling = isChanged
        if isSettled { await attempt(.changed) }
    }

    /// Reads the file again and goes over to it; what comes of it is told, too.
    @discardableResult
    package func attempt(_ cause: Cause) async -> Result<ReloadReport, ControlProblem> {
        await turnstile { await self.run(cause) }
    }

    private func run(_ cause: Cause) async -> Result<ReloadReport, ControlProblem> {
        if cause == .asked { service.notifyReloading() }
        let time = clock.unixNanoseconds()
        let loaded = await Self.load(path, api: api, environment: environment, readFile: readFile)
        guard var configuration = loaded.configuration else {
            let problems = loaded.diagnostics.filter { $0.severity == .error }.map(\.oneLine)
            return fail(problems, cause)
        }
        let share = files.apply(to: &configuration)
        let isNews = problem != nil || !agent.change(to: configuration).isEmpty
        // A file that was touched, or says the same in other words.
        if cause == .changed, !isNews { return .success(ReloadReport()) }
        if cause == .changed { service.notifyReloading() }
        do throws(ControlProblem) {
            var report = try await agent.reload(configuration)
            let touched = Set(report.added + report.changed)
            report.warnings =
                loaded.diagnostics.map(\.oneLine) + (share.map { [files.warning(share: $0)] } ?? []) + report.warnings
                + configuration.idleBackends.filter(touched.contains).map(Configuration.idleWarning)
            succeed(report, configuration, at: time)
            return .success(report)
        } catch {
            if error.code == .shuttingDown { return .failure(error) }
            return fail([error.detail], cause)
        }
    }

    private func succeed(_ report: ReloadReport, _ configuration: Configuration, at time: UInt64) {
        loadedAt = time
        problem = nil
        agent.noteReload(succeeded: true)
        service.notify(.ready(status: configuration.summary))
        for warning in report.warnings { log.say(.warning, warning) }
        log.say(.info, report.summary)
    }

    /// Tells what is wrong with the file; a change that leaves everything wrong as it was is no news.
    private func fail(_ problems: [String], _ cause: Cause) -> Result<ReloadReport, ControlProblem> {
        var lines = Array(problems.prefix(Self.mostProblems))
        if problems.count > lines.count { lines.append("and \(problems.count - lines.count) more") }
        let failure = ControlProblem(.configurationInvalid, lines.joined(separator: "\n"))
        let isNews = cause == .asked || problem != failure
        problem = failure
        agent.noteReload(succeeded: false)
        service.notify(.ready(status: agent.configurationInForce.summary))
        guard isNews else { return .failure(failure) }
        let others = problems.count > 1 ? " (\(problems.count) problems in all)" : ""
        log.say(
            .error,
            "reload rejected, still running the configuration of \(LogLine.timeOfDay(loadedAt)): \(lines.first ?? "")\(others)"
        )
        if lines.count > 1 { for line in lines { log.say(.error, line) } }
        return .failure(failure)
    }

    /// Runs away from the actor: a file may be on a disk that hangs.
    @concurrent
    private nonisolated static func load(
        _ path: String,
        api: APIOverride?,
        environment: [String: String],
        readFile: FileReader
    ) async -> ConfigurationLoader.Outcome {
        var loaded = ConfigurationLoader.load(path: path, environment: environment, readFile: readFile)
        loaded.configuration?.obey(api)
        return loaded
    }
}

extension ReloadReport {
    /// What happened, in one line.
    fileprivate var summary: String {
        "reload ok: +\(added.count) ~\(changed.count) -\(removed.count) backends, "
            + "\(untouchedSessions) session\(untouchedSessions == 1 ? "" : "s") untouched"
    }
}

extension ConfigurationReloader: AgentControl.Reloading {}
