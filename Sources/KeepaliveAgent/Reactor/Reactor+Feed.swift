// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import Foundation
import KeepaliveEngine

extension Reactor {
    /// Tells listeners what happened, and the registry which sessions are over.
    func publish(_ event: Event, at moment: Recording.Moment, to feed: EventFeed) {
        switch event {
        case .cycleEnded(let last, let outcome):
            if feed.wantsKeepalives { publishKeepalive(last, outcome, at: moment, to: feed) }
            resumeProbes(of: last.session, outcome, at: moment)
        case .openingFailed(let session, _, let outcome, _): resumeProbes(of: session, outcome, at: moment)
        case .sessionOpened(let session, _, .owned, _): resumeProbes(of: session, .success, at: moment)
        case .sessionLost(let session, let backend, let reason, let idleGap, _):
            var told = agentEvent(.lost, backend, at: moment, session: session)
            told.reason = reason.rawValue
            told.idleSeconds = idleGap.fractionalSeconds
            feed.publish(told, session: session)
            if sessions.origin(of: session) == .attached { ended?.yield(session) }
        case .sessionReleased(let session, let backend, let reason):
            var told = agentEvent(.released, backend, at: moment, session: session)
            told.reason = reason.rawValue
            feed.publish(told, session: session)
            ended?.yield(session)
        case .autoDisabled(let backend, let reason, _, _):
            var told = agentEvent(.disabled, backend, at: moment)
            told.reason = reason.rawValue
            feed.publish(told)
        case .operatorDisabled(let backend, _):
            var told = agentEvent(.disabled, backend, at: moment)
            told.reason = "operator"
            feed.publish(told)
        case .reenabled(let backend, let reason, _):
            var told = agentEvent(.enabled, backend, at: moment)
            told.reason = reason.rawValue
            feed.publish(told)
        case .called(let attempt, let outcome):
            guard outcome.isSuccess, let record = moment.trace?.record else { return }
            let backend = Int(attempt.backend)
            while latencies.count <= backend { latencies.append(RecentLatencies()) }
            latencies[backend].append(record.duration)
        case .skipped, .probed, .fallbackSelected, .pingSelected, .backendPaused, .notApplicable, .applicable,
            .ttlAdvertised, .sessionOpened, .sessionPaused, .sessionResumed:
            break
        }
    }

    private func publishKeepalive(
        _ last: Attempt,
        _ outcome: Outcome,
        at moment: Recording.Moment,
        to feed: EventFeed
    ) {
        guard outcome.reason != .cancelled, let record = moment.trace?.record else { return }
        var told = agentEvent(.keepalive, last.backend, at: moment, session: last.session)
        told.reason = outcome.reason?.rawValue
        told.method = last.method.rawValue
        told.latencyMilliseconds = record.duration.fractionalSeconds * 1000
        feed.publish(told, session: last.session)
    }

    private func agentEvent(
        _ kind: AgentEvent.Kind,
        _ backend: BackendIndex,
        at moment: Recording.Moment,
        session: SessionHandle? = nil
    ) -> AgentEvent {
        let time = Date(timeIntervalSince1970: Double(moment.unixNanoseconds) / 1e9)
        var event = AgentEvent(kind: kind, time: time, backend: backends[Int(backend)].configuration.name)
        let name = session.map { sessions.name(of: $0) } ?? ""
        event.session = name.isEmpty ? nil : name
        return event
    }
}
