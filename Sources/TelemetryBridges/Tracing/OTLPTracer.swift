// SPDX-License-Identifier: Apache-2.0

internal import OTLPExport
public import Telemetry
public import Tracing

/// Makes OTLP spans of what swift-distributed-tracing traces, and carries trace contexts between processes by W3C Trace
/// Context (`traceparent`, `tracestate`); `baggage` is passed on as it came.
public struct OTLPTracer: Tracer {
    /// Decides whether the span of a trace is recorded; the parent is nil for the first span of a trace.
    public typealias Sampling = @Sendable (_ traceID: TraceID, _ parent: SpanContext?) -> Bool

    private let sink: any RecordSink
    private let scope: InstrumentationScope
    private let sampling: Sampling
    private let limits: SpanLimits
    private let random: @Sendable () -> UInt64

    /// A tracer.
    /// - Parameters:
    ///   - sink: where finished spans go, an `ExportPipeline` for instance.
    ///   - scope: what records.
    ///   - sampling: which spans are recorded; by default all whose parent is, and all without a parent.
    ///   - limits: how many events and links a span keeps in memory; further ones are counted as dropped.
    ///   - random: a random number of 64 bits, for ids.
    public init(
        _ sink: any RecordSink,
        scope: InstrumentationScope = InstrumentationScope(name: "swift-distributed-tracing"),
        sampling: @escaping Sampling = OTLPTracer.sampleLikeParent,
        limits: SpanLimits = SpanLimits(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        self.sink = sink
        self.scope = scope
        self.sampling = sampling
        self.limits = limits
        self.random = random
    }

    /// Samples every trace that nobody decided against (OpenTelemetry specification, "ParentBased").
    public static let sampleLikeParent: Sampling = { _, parent in parent?.flags.contains(.sampled) ?? true }

    /// Starts a span, the child of the context's span if it has one. While an export reports on itself the span is not
    /// recorded: see `ExportReport`.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: Tracing.SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> OTLPSpan {
        let base = context()
        let parent = base.propagatedSpan.flatMap { $0.context.isValid ? $0 : nil }
        var generator = WordGenerator(words: random)
        var identity =
            parent?.context.child(using: &generator)
            ?? SpanContext(traceID: .random(using: &generator), spanID: .random(using: &generator))
        // W3C Trace Context level 2: bits without a meaning are sent as zero.
        identity.flags.formIntersection([.sampled, .random])
        let isSampled = !ExportReport.isUnderWay && sampling(identity.traceID, parent?.context)
        if isSampled { identity.flags.insert(.sampled) } else { identity.flags.remove(.sampled) }
        var template = Telemetry.Span(
            scope: scope,
            context: identity,
            parent: parent?.context.spanID,
            name: operationName,
            kind: Telemetry.SpanKind(kind),
            start: instant().nanosecondsSinceEpoch,
            end: 0
        )
        template.parentIsRemote = parent?.isRemote ?? false
        return OTLPSpan(template, base: base, limits: limits, sink: sink)
    }

    /// The span of a context, while it is one of this process.
    public func activeSpan(identifiedBy context: ServiceContext) -> OTLPSpan? {
        context.propagatedSpan?.span
    }

    /// Asks for an export without waiting for it; `ExportPipeline.forceFlush` waits.
    public func forceFlush() {
        guard let pipeline = sink as? ExportPipeline else { return }
        Task { await pipeline.forceFlush() }
    }
}

extension SpanContext {
    fileprivate var isValid: Bool { traceID.isValid && spanID.isValid }
}

extension Telemetry.SpanKind {
    fileprivate init(_ kind: Tracing.SpanKind) {
        switch kind {
        case .internal: self = .internal
        case .server: self = .server
        case .client: self = .client
        case .producer: self = .producer
        case .consumer: self = .consumer
        }
    }
}

/// Random numbers from a closure.
private struct WordGenerator: RandomNumberGenerator {
    let words: @Sendable () -> UInt64

    mutating func next() -> UInt64 { words() }
}
