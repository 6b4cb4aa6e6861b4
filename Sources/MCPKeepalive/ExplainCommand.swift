// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import KeepaliveEngine

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says in words how a backend is kept alive, and where each value comes from.",
        discussion: """
            When it is called and how, when it is disabled and how soon a silent one is noticed, whether the TTL of its \
            sessions is covered, and what keeps sessions. Nothing is contacted. Exit codes: 0 ok, 64 no such backend, \
            66 no such file, 78 the file has errors.
            """
    )

    @Argument(help: ArgumentHelp("A backend of the configuration.", valueName: "backend"))
    var name: String

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() {
        let (configuration, written) = file.loadWritten(as: output.output)
        guard let backend = configuration.backends.first(where: { $0.name == name }) else {
            let names = configuration.backends.map(\.name)
            let likely = Suggestion.closest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            output.end(
                with: CommandFailure(
                    "no_such_backend",
                    "\(configuration.file) has no backend '\(name)'\(likely)",
                    help: names.isEmpty
                        ? "it has no backends at all" : "the backends are \(names.joined(separator: ", "))",
                    backend: name,
                    status: .usage
                )
            )
        }
        let explanation = ScheduleExplanation(backend, in: configuration, written)
        switch output.output {
        case .text: Terminal.say(explanation.text())
        case .json: OutputOptions.sayJSON(Answer(explanation))
        }
    }

    /// The explanation for programs; times are in seconds.
    private struct Answer: Encodable {
        let backend: String
        let url: String
        let isOff: Bool
        var interval: Double?
        var shortestInterval: Double?
        var intervalReason: String?
        var failureThreshold: Int?
        var probeAfter: Double?
        var worstCaseDetection: Double?
        var sessionTTL: Double?
        var sessionTTLMargin: Double?
        let explanation: [ScheduleExplanation.Section]

        init(_ explanation: ScheduleExplanation) {
            let (schedule, policy) = (explanation.schedule, explanation.backend.policy)
            backend = explanation.backend.name
            url = explanation.backend.shownURL
            isOff = schedule.switchedOff != nil
            self.explanation = explanation.sections
            guard !isOff else { return }
            interval = schedule.interval.fractionalSeconds
            shortestInterval = schedule.shortestInterval.fractionalSeconds
            intervalReason = "\(schedule.intervalReason)"
            failureThreshold = policy.failureThreshold
            probeAfter = policy.probeAfter.fractionalSeconds
            worstCaseDetection = schedule.detection?.longest.fractionalSeconds
            sessionTTL = policy.sessionTTL?.fractionalSeconds
            sessionTTLMargin = schedule.timeToLiveMargin?.fractionalSeconds
        }

        private enum CodingKeys: String, CodingKey {
            case backend
            case url
            case isOff = "off"
            case interval = "interval_seconds"
            case shortestInterval = "shortest_interval_seconds"
            case intervalReason = "interval_reason"
            case failureThreshold = "failure_threshold"
            case probeAfter = "probe_after_seconds"
            case worstCaseDetection = "worst_case_detection_seconds"
            case sessionTTL = "session_ttl_seconds"
            case sessionTTLMargin = "session_ttl_margin_seconds"
            case explanation
        }
    }
}
