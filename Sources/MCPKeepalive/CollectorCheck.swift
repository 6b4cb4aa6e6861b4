// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import OTLPExport

/// What `check --live` finds out about the export of telemetry.
enum CollectorCheck {
    /// Sends one test batch of each signal that goes to a collector.
    static func run(_ configuration: Configuration, _ variables: OTLPEnvironment) async -> CheckReport.Finding {
        if variables.isDisabled { return .init(.off, "OTEL_SDK_DISABLED: no telemetry") }
        let settings = OTLPConfiguration(configuration.telemetry, variables: variables)
        let signals = Signal.allCases.filter { settings[$0]?.output == .collector }
        // What has no collector cannot fail; it is said all the same, because it may be a surprise.
        let others = Signal.allCases.filter { !signals.contains($0) }
            .map { "\($0.rawValue) \(place(settings[$0]))" }
        guard let first = signals.first, let endpoint = settings[first].map({ shortened($0.url, first) }) else {
            return .init(.off, others.joined(separator: ", "))
        }
        let remark = others.isEmpty ? "" : "; \(others.joined(separator: ", "))"
        do throws(ExportConfigurationError) {
            let start = ContinuousClock.now
            let answers = try await self.answers(to: signals, settings)
            let duration = ContinuousClock.now - start
            if answers.allSatisfy(\.verdict.isAccepted) {
                return .init(.passed, "\(endpoint): accepts \(list(signals)), in \(duration.text)\(remark)")
            }
            // What all signals have in common is said once.
            if let first = answers.first?.verdict, answers.allSatisfy({ $0.verdict == first }) {
                return .init(.failed, "\(endpoint): \(first)\(remark)")
            }
            let words = answers.map { "\($0.signal.rawValue): \($0.verdict)" }
            return .init(.failed, "\(endpoint): \(words.joined(separator: "; "))\(remark)")
        } catch {
            return .init(.failed, "\(error)")
        }
    }

    /// What came of each signal, the ones that go to no collector included, in the order of `Signal`.
    static func bySignal(
        _ configuration: Configuration,
        _ variables: OTLPEnvironment
    ) async throws(ExportConfigurationError) -> [(signal: Signal, finding: CheckReport.Finding)] {
        if variables.isDisabled { return Signal.allCases.map { ($0, .init(.off, "OTEL_SDK_DISABLED")) } }
        let settings = OTLPConfiguration(configuration.telemetry, variables: variables)
        let signals = Signal.allCases.filter { settings[$0]?.output == .collector }
        let answers = try await answers(to: signals, settings)
        return Signal.allCases.map { signal in
            guard let answer = answers.first(where: { $0.signal == signal }), let destination = settings[signal] else {
                return (signal, .init(.off, place(settings[signal])))
            }
            let url = OTLPConfiguration.displayName(of: destination.url)
            let words = "\(url): \(answer.verdict), in \(answer.duration.text)"
            return (signal, .init(answer.verdict.isAccepted ? .passed : .failed, words))
        }
    }

    /// What a collector answered to the test batch of a signal.
    private struct Answer {
        let signal: Signal
        let verdict: ExportVerdict
        let duration: Duration
    }

    /// Sends the test batches of signals side by side, so that a collector that hangs costs one timeout, not three.
    private static func answers(
        to signals: [Signal],
        _ settings: OTLPConfiguration
    ) async throws(ExportConfigurationError) -> [Answer] {
        let pipeline = try ExportPipeline(settings, metrics: { _ in [] })
        let answers = await withTaskGroup(of: Answer.self) { group in
            for signal in signals {
                group.addTask {
                    let start = ContinuousClock.now
                    let verdict = await pipeline.sendTest(of: signal)
                    return Answer(signal: signal, verdict: verdict, duration: ContinuousClock.now - start)
                }
            }
            return await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        _ = await pipeline.shutdown(within: .seconds(1))
        return signals.compactMap { signal in answers.first { $0.signal == signal } }
    }

    /// Where a signal goes that goes to no collector.
    private static func place(_ destination: OTLPConfiguration.Destination?) -> String {
        guard let destination else { return "are not exported" }
        guard case .file(let path) = destination.output else { return "go to stdout" }
        return "go to \(path)"
    }

    /// A signal's URL without the signal's path, and without what may be a credential.
    private static func shortened(_ url: String, _ signal: Signal) -> String {
        let shown = OTLPConfiguration.displayName(of: url)
        let path = "/\(signal.path)"
        return shown.hasSuffix(path) ? String(shown.dropLast(path.count)) : shown
    }

    private static func list(_ signals: [Signal]) -> String {
        let words = signals.map(\.rawValue)
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return "\(words.dropLast().joined(separator: ", ")) and \(last)"
    }
}
