// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import LogText
import Telemetry

/// Turns each event into its metrics, its span and its log record: the only place that records.
struct Recording {
    /// What the agent's telemetry is recorded by.
    static let scope = InstrumentationScope(name: "mcp-keepalive", version: AgentVersion.current)

    /// What the events of one moment have in common.
    struct Moment {
        /// The time on the monotonic clock.
        var now: Tick
        /// The time on the wall clock, in nanoseconds since 1970.
        var unixNanoseconds: UInt64
        /// The cycle that the events come from, if any.
        var trace: CycleTrace?
    }

    private var backends: [BackendInstruments]
    private var configurations: [BackendConfiguration]
    private var templates: [SpanTemplates]
    private var calls: CallDurations
    private var sessions: SessionDurations
    private let sink: any TelemetrySink
    private let log: any LogSink
    /// Why opening a session failed last, by backend: said once, not at each try.
    private var openingFailures: [BackendIndex: FailureReason] = [:]
    private var throttle = EventThrottle()

    init(
        configurations: [BackendConfiguration],
        instruments: [BackendInstruments],
        meter: Meter,
        sink: any TelemetrySink,
        log: any LogSink
    ) {
        self.configurations = configurations
        self.backends = instruments
        self.sink = sink
        self.log = log
        templates = configurations.map(SpanTemplates.init)
        calls = CallDurations(meter: meter, templates: templates)
        sessions = SessionDurations(meter: meter, templates: templates)
    }

    /// Takes over a backend that is new or another one from now on.
    mutating func replace(_ configuration: BackendConfiguration, _ instruments: BackendInstruments, at index: Int) {
        let template = SpanTemplates(configuration)
        if index == configurations.count || configurations[index].name != configuration.name {
            throttle.forget(BackendIndex(index))
        }
        backends.replaceOrAppend(instruments, at: index)
        configurations.replaceOrAppend(configuration, at: index)
        templates.replaceOrAppend(template, at: index)
        calls.replace(template, at: index)
        sessions.replace(template, at: index)
        openingFailures[BackendIndex(index)] = nil
    }

    /// Records one event; `sessionName` gives the name of a session that can be shown.
    ///
    /// Exhaustive on purpose: a new event does not compile until its metric, span and log record are decided here.
    mutating func record(_ event: Event, at moment: Moment, sessionName: (SessionHandle) -> String) {
        switch event {
        case .called(let attempt, let outcome):
            recordCall(attempt, outcome, at: moment)
        case .cycleEnded(let last, let outcome):
            recordCycle(last, outcome, at: moment)
        case .skipped(_, let backend, let reason):
            backends[Int(backend)].skipped(by: reason).add()
        case .autoDisabled(let backend, let reason, _, _):
            backends[Int(backend)].autoDisabled(by: reason).add()
            recordChange(event, of: backend, at: moment)
        case .probed(let backend, let succeeded, _):
            let series = backends[Int(backend)]
            (succeeded ? series.probeSucceeded : series.probeFailed).add()
            recordChange(event, of: backend, at: moment)
        case .reenabled(let backend, let reason, _):
            backends[Int(backend)].reenabled(by: reason).add()
            recordChange(event, of: backend, at: moment)
        case .fallbackSelected(let backend, _), .pingSelected(let backend), .backendPaused(let backend, _, _),
            .operatorDisabled(let backend, _), .notApplicable(let backend, _), .applicable(let backend),
            .ttlAdvertised(let backend, _, _):
            recordChange(event, of: backend, at: moment)
        case .sessionOpened(let session, let backend, let origin, _):
            if origin == .owned {
                openingFailures[backend] = nil
                sessions.opened(session, on: backend, at: moment.now)
            }
            recordChange(event, .sessionOpened, of: session, on: backend, sessionName, at: moment)
        case .openingFailed(_, let backend, let outcome, _):
            guard openingFailures[backend] != outcome.reason else { return }
            openingFailures[backend] = outcome.reason
            recordChange(event, of: backend, at: moment)
        case .sessionLost(let session, let backend, let reason, _, _):
            backends[Int(backend)].sessionsLost(by: reason).add()
            sessions.ended(session, on: backend, at: moment.now, error: .sessionExpired)
            recordChange(event, .sessionLost, of: session, on: backend, sessionName, at: moment)
        case .sessionPaused(let session, let backend, _, _):
            recordChange(event, .sessionPaused, of: session, on: backend, sessionName, at: moment)
        case .sessionResumed(let session, let backend):
            recordChange(event, .sessionResumed, of: session, on: backend, sessionName, at: moment)
        case .sessionReleased(let session, let backend, let reason):
            backends[Int(backend)].sessionsReleased(by: reason).add()
            recordChange(event, .sessionReleased, of: session, on: backend, sessionName, at: moment)
        }
    }

    /// When `recordSummaries` has something to say next.
    var summaryDue: Tick { throttle.due }

    /// Tells of the events that were too many to be told one by one; of all of them at the end.
    mutating func recordSummaries(at moment: Moment, all: Bool = false) {
        for summary in throttle.takeSummaries(at: moment.now, all: all) {
            let name = configurations[Int(summary.key.backend)].name
            tell(StateChange(summary, backend: name), backend: name, at: moment)
        }
    }

    /// Records how late the first call of a cycle started.
    func recordStart(of attempt: Attempt, at now: Tick) {
        guard attempt.number == 0 else { return }
        backends[Int(attempt.backend)].scheduleLag.record(max(0, (now - attempt.due).fractionalSeconds))
    }

    /// Records the end of a session that the agent closed itself.
    mutating func recordClose(of session: SessionHandle, on backend: BackendIndex, at now: Tick) {
        sessions.ended(session, on: backend, at: now, error: nil)
    }

    /// Records how long a re-initialize or close waited for its lock.
    func recordLockWait(_ wait: Duration, on backend: BackendIndex) {
        backends[Int(backend)].lockWait.record(wait.fractionalSeconds)
    }

    /// Tells people something that is no event of the engine.
    func warn(_ message: String, backend: BackendIndex, at unixNanoseconds: UInt64) {
        let name = configurations[Int(backend)].name
        sink.enqueue(
            LogRecord(
                scope: Self.scope,
                time: unixNanoseconds,
                severity: .warning,
                body: .string(message),
                attributes: [Attribute("backend", .string(name))]
            )
        )
        log.write(
            LogLine(
                unixNanoseconds: unixNanoseconds,
                level: .warning,
                message: message,
                fields: [(key: "backend", value: name)]
            )
        )
    }

    private mutating func recordCall(_ attempt: Attempt, _ outcome: Outcome, at moment: Moment) {
        guard let trace = moment.trace, let record = trace.record else {
            preconditionFailure("a call ended that never started")
        }
        let series = backends[Int(attempt.backend)].calls(attempt.method)
        let milliseconds = record.duration.fractionalSeconds * 1000
        if let reason = outcome.reason {
            series.failures(by: reason).add()
            series.failureLatency.record(milliseconds, in: record.context, at: record.end)
        } else {
            series.succeeded.add()
            series.successLatency.record(milliseconds, in: record.context, at: record.end)
        }
        calls.record(attempt, outcome, record)
        guard trace.root.flags.contains(.sampled) else { return }
        sink.enqueue(templates[Int(attempt.backend)].call(attempt, outcome, record, parent: trace.root.spanID))
    }

    private func recordCycle(_ last: Attempt, _ outcome: Outcome, at moment: Moment) {
        // A stop is nothing that happened to a backend: no count and no span. What is not sampled has none
        // either.
        guard outcome.reason != .cancelled, let trace = moment.trace, let record = trace.record,
            trace.root.flags.contains(.sampled)
        else { return }
        let span = templates[Int(last.backend)]
            .cycle(last: last, outcome, context: trace.root, start: trace.start, end: record.end)
        sink.enqueue(span)
    }

    /// Records what happened to a session, unless it just happened to very many.
    private mutating func recordChange(
        _ event: Event,
        _ name: Catalog.EventName,
        of session: SessionHandle,
        on backend: BackendIndex,
        _ sessionName: (SessionHandle) -> String,
        at moment: Moment
    ) {
        guard throttle.admits(name, of: backend, at: moment.now) else { return }
        recordChange(event, of: backend, session: sessionName(session), at: moment)
    }

    /// Records a change of state as a log record and as a line of the agent's own log.
    private func recordChange(_ event: Event, of backend: BackendIndex, session: String = "", at moment: Moment) {
        let configuration = configurations[Int(backend)]
        let context = StateChange.Context(backend: configuration.name, tool: configuration.tool?.name, now: moment.now)
        guard let change = StateChange(event, in: context) else { return }
        tell(change, backend: configuration.name, session: session, at: moment)
    }

    private func tell(_ change: StateChange, backend: String, session: String = "", at moment: Moment) {
        var fields = [(key: "backend", value: backend)]
        if !session.isEmpty { fields.append((key: "mcp.session.id", value: session)) }
        fields += change.fields
        sink.enqueue(
            LogRecord(
                scope: Self.scope,
                time: moment.unixNanoseconds,
                severity: Severity(rawValue: UInt8(change.level.severityNumber)),
                body: .string(change.message),
                eventName: change.event.rawValue,
                attributes: fields.map { Attribute($0.key, .string($0.value)) },
                context: moment.trace?.root
            )
        )
        var line = fields
        if let root = moment.trace?.root {
            line.append((key: "trace_id", value: root.traceID.description))
            line.append((key: "span_id", value: root.spanID.description))
        }
        log.write(
            LogLine(
                unixNanoseconds: moment.unixNanoseconds,
                level: change.level,
                message: change.message,
                event: change.event.rawValue,
                fields: line
            )
        )
    }
}
