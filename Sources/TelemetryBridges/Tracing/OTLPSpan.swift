// SPDX-License-Identifier: Apache-2.0

internal import Locking
internal import OTLPExport
public import Telemetry
public import Tracing

/// A span that is under way. Any thread may change it until it ends; afterwards nothing changes it any longer.
public final class OTLPSpan: Tracing.Span {
    /// Its ids.
    public let spanContext: SpanContext
    private let base: ServiceContext
    private let limits: SpanLimits
    private let sink: any RecordSink
    private let state: Locked<State>

    private struct State: Sendable {
        var span: Telemetry.Span
        var attributes = SpanAttributes([:])
        var isEnded = false
    }

    init(_ template: Telemetry.Span, base: ServiceContext, limits: SpanLimits, sink: any RecordSink) {
        spanContext = template.context
        self.base = base
        self.limits = limits
        self.sink = sink
        state = Locked(State(span: template))
    }

    /// The context of what is done during the span.
    public var context: ServiceContext {
        var context = base
        context.propagatedSpan = PropagatedSpan(context: spanContext, span: self)
        return context
    }

    /// What is done.
    public var operationName: String {
        get { state.withLock { $0.span.name } }
        set { change { $0.span.name = newValue } }
    }

    /// What is known about it.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    /// Whether anything that is recorded from now on will be exported.
    public var isRecording: Bool {
        isSampled && state.withLock { !$0.isEnded }
    }

    /// What came of it; a success that was declared stays one (Tracing API, "Set Status").
    public func setStatus(_ status: Tracing.SpanStatus) {
        change { state in
            if state.span.status == .ok { return }
            switch status.code {
            case .ok: state.span.status = .ok
            case .error: state.span.status = .error(status.message ?? "")
            }
        }
    }

    /// Adds what happened meanwhile.
    public func addEvent(_ event: Tracing.SpanEvent) {
        let event = Telemetry.SpanEvent(
            name: event.name,
            time: event.nanosecondsSinceEpoch,
            attributes: event.attributes.exported
        )
        change { [limits] state in
            if state.span.events.count < limits.events {
                state.span.events.append(event)
            } else {
                state.span.droppedEvents += 1
            }
        }
    }

    /// Adds an error as an event (semantic conventions, "Exceptions in spans"); it does not make the span a failure.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        var all: SpanAttributes = [
            "exception.type": .string(String(reflecting: type(of: error))), "exception.message": .string("\(error)"),
        ]
        all.merge(attributes)
        addEvent(Tracing.SpanEvent(name: "exception", at: instant(), attributes: all))
    }

    /// Adds a reference to another span; a context without a span is no reference.
    public func addLink(_ link: Tracing.SpanLink) {
        guard let other = link.context.propagatedSpan else { return }
        let link = Telemetry.SpanLink(
            other.context,
            isRemote: other.isRemote,
            attributes: link.attributes.exported
        )
        change { [limits] state in
            if state.span.links.count < limits.links {
                state.span.links.append(link)
            } else {
                state.span.droppedLinks += 1
            }
        }
    }

    /// Ends it and queues it for export. A second time has no effect.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let time = instant().nanosecondsSinceEpoch
        let finished: Telemetry.Span? = state.withLock { state in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            state.span.end = max(state.span.start, time)
            state.span.attributes = state.attributes.exported
            return state.span
        }
        if let finished, isSampled { sink.enqueue(finished) }
    }

    private var isSampled: Bool { spanContext.flags.contains(.sampled) }

    private func change(_ body: (inout State) -> Void) {
        guard isSampled else { return }
        state.withLock { state in
            if !state.isEnded { body(&state) }
        }
    }
}
