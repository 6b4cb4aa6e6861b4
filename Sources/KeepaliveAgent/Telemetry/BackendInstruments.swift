// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Telemetry

/// Every series of one backend, made with zero when the backend is configured.
///
/// The increase of a series that is born at 1 is 0 to Prometheus, so nothing may wait for its first event. Classes, because
/// to record a call dozens of references would be copied otherwise.
final class BackendInstruments: Sendable {
    /// The counters of one kind of call.
    final class Calls: Sendable {
        let succeeded: CounterSeries
        /// By position of the reason in `FailureReason.counted`.
        let failed: [CounterSeries]
        let successLatency: HistogramSeries
        let failureLatency: HistogramSeries

        init(
            succeeded: CounterSeries,
            failed: [CounterSeries],
            successLatency: HistogramSeries,
            failureLatency: HistogramSeries
        ) {
            self.succeeded = succeeded
            self.failed = failed
            self.successLatency = successLatency
            self.failureLatency = failureLatency
        }

        func failures(by reason: FailureReason) -> CounterSeries {
            failed[index(of: reason, in: FailureReason.counted)]
        }
    }

    let attributes: AttributeSet
    /// Nil where no policy of the backend ever made such calls.
    let ping: Calls?
    let tool: Calls?
    let autoDisabled: [CounterSeries]
    let reenabled: [CounterSeries]
    let probeSucceeded: CounterSeries
    let probeFailed: CounterSeries
    let skipped: [CounterSeries]
    let sessionsLost: [CounterSeries]
    let sessionsReleased: [CounterSeries]
    let scheduleLag: HistogramSeries
    let lockWait: HistogramSeries
    let state: BackendStateInstruments

    /// - Parameter before: the series of the backend so far: a method that was used and is not any more keeps its own.
    init(
        backend: String,
        method: BackendPolicy.Method,
        instruments: Instruments,
        before: BackendInstruments? = nil
    ) {
        func attributes(_ further: (String, AttributeValue)...) -> AttributeSet {
            AttributeSet([Attribute("backend", .string(backend))] + further.map { Attribute($0.0, $0.1) })
        }
        func series(_ counter: Counter, _ reasons: [String]) -> [CounterSeries] {
            reasons.map { counter.series(for: attributes(("reason", .string($0)))) }
        }
        func calls(_ method: CallMethod) -> Calls {
            let name = AttributeValue.string(method.rawValue)
            let succeeded = instruments.successes.series(for: attributes(("method", name)))
            let failed = FailureReason.counted.map {
                instruments.failures.series(for: attributes(("method", name), ("reason", .string($0.rawValue))))
            }
            instruments.attempts.addSeries(for: attributes(("method", name)), sumOf: [succeeded] + failed)
            return Calls(
                succeeded: succeeded,
                failed: failed,
                successLatency: instruments.latency.series(for: attributes(("method", name), ("outcome", "success"))),
                failureLatency: instruments.latency.series(for: attributes(("method", name), ("outcome", "failure")))
            )
        }
        self.attributes = attributes()
        let isToolUsed = method == .tool || method == .ping(hasFallback: true)
        let isPingUsed = method != .tool && method != .none
        ping = isPingUsed ? calls(.ping) : before?.ping
        tool = isToolUsed ? calls(.tool) : before?.tool
        autoDisabled = series(instruments.autoDisabled, FailureReason.counted.map(\.rawValue))
        reenabled = series(instruments.reenabled, ReenableReason.allCases.map(\.rawValue))
        probeSucceeded = instruments.probes.series(for: attributes(("outcome", "success")))
        probeFailed = instruments.probes.series(for: attributes(("outcome", "failure")))
        skipped = series(instruments.skipped, SkipReason.allCases.map(\.rawValue))
        sessionsLost = series(instruments.sessionsLost, LossReason.allCases.map(\.rawValue))
        sessionsReleased = series(instruments.sessionsReleased, ReleaseReason.allCases.map(\.rawValue))
        scheduleLag = instruments.scheduleLag.series(for: attributes())
        lockWait = instruments.lockWait.series(for: attributes())
        state = BackendStateInstruments(backend: backend, instruments: instruments)
    }

    func calls(_ method: CallMethod) -> Calls {
        let calls =
            switch method {
            case .ping: ping
            case .tool: tool
            }
        guard let calls else { preconditionFailure("the policy has no \(method.rawValue) calls") }
        return calls
    }

    func autoDisabled(by reason: FailureReason) -> CounterSeries {
        autoDisabled[index(of: reason, in: FailureReason.counted)]
    }

    func reenabled(by reason: ReenableReason) -> CounterSeries {
        reenabled[index(of: reason, in: ReenableReason.allCases)]
    }

    func skipped(by reason: SkipReason) -> CounterSeries {
        skipped[index(of: reason, in: SkipReason.allCases)]
    }

    func sessionsLost(by reason: LossReason) -> CounterSeries {
        sessionsLost[index(of: reason, in: LossReason.allCases)]
    }

    func sessionsReleased(by reason: ReleaseReason) -> CounterSeries {
        sessionsReleased[index(of: reason, in: ReleaseReason.allCases)]
    }
}

/// The position of a value in the list that its series were made from.
private func index<Value: Equatable>(of value: Value, in values: [Value]) -> Int {
    guard let index = values.firstIndex(of: value) else {
        preconditionFailure("\(value) is never counted")
    }
    return index
}
