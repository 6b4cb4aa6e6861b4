// SPDX-License-Identifier: Apache-2.0

internal import Telemetry
public import Tracing

extension OTLPTracer {
    /// Reads the caller's trace context and baggage; a malformed one counts as none (W3C Trace Context section 4.3).
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if let text = extractor.extract(key: "traceparent", from: carrier),
            var parent = SpanContext(traceparent: text.trimmed)
        {
            if let state = extractor.extract(key: "tracestate", from: carrier)?.trimmed, state.isHeaderValue {
                parent.traceState = state
            }
            context.propagatedSpan = PropagatedSpan(context: parent, isRemote: true)
        }
        if let baggage = extractor.extract(key: "baggage", from: carrier)?.trimmed, baggage.isHeaderValue {
            context.baggage = baggage
        }
    }

    /// Writes the context's span and baggage for the callee.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        if let span = context.spanContext {
            injector.inject(span.traceparent, forKey: "traceparent", into: &carrier)
            if !span.traceState.isEmpty { injector.inject(span.traceState, forKey: "tracestate", into: &carrier) }
        }
        if let baggage = context.baggage { injector.inject(baggage, forKey: "baggage", into: &carrier) }
    }
}

extension String {
    /// Without the blanks around a header's value.
    fileprivate var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }

    /// Whether it may be sent on as a header: printable ASCII and not longer than the 8 KiB that W3C Baggage allows.
    fileprivate var isHeaderValue: Bool {
        !isEmpty && utf8.count <= 8192 && utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }
    }
}
