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
            let pipeline = try ExportPipeline(settings, metrics: { _ in [] })
            var verdicts: [(signal: Signal, verdict: ExportVerdict)] = []
            let start = ContinuousClock.now
            for signal in signals { verdicts.append((signal, await pipeline.sendTest(of: signal))) }
            let duration = ContinuousClock.now - start
            _ = await pipeline.shutdown(within: .seconds(1))
            if verdicts.allSatisfy(\.verdict.isAccepted) {
                return .init(.passed, "\(endpoint): accepts \(list(signals)), in \(duration.text)\(remark)")
            }
            // What all signals have in common is said once.
            if let first = verdicts.first?.verdict, verdicts.allSatisfy({ $0.verdict == first }) {
                return .init(.failed, "\(endpoint): \(first)\(remark)")
            }
            let words = verdicts.map { "\($0.signal.rawValue): \($0.verdict)" }
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
        let pipeline = try ExportPipeline(settings, metrics: { _ in [] })
        let findings = await withTaskGroup(of: (Signal, CheckReport.Finding).self) { group in
            for signal in Signal.allCases {
                guard let destination = settings[signal], destination.output == .collector else { continue }
                group.addTask {
                    let start = ContinuousClock.now
                    let verdict = await pipeline.sendTest(of: signal)
                    let time = (ContinuousClock.now - start).text
                    let url = OTLPConfiguration.displayName(of: destination.url)
                    return (signal, .init(verdict.isAccepted ? .passed : .failed, "\(url): \(verdict), in \(time)"))
                }
            }
            return await group.reduce(into: [Signal: CheckReport.Finding]()) { $0[$1.0] = $1.1 }
        }
        _ = await pipeline.shutdown(within: .seconds(1))
        return Signal.allCases.map { ($0, findings[$0] ?? .init(.off, place(settings[$0]))) }
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
