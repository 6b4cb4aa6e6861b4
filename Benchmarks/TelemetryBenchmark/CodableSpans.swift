// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// OTLP JSON as structures for `JSONEncoder`, with what our spans use of it.
struct CodableSpans: Codable {
    struct Value: Codable {
        var stringValue: String?
        var intValue: String?
    }

    struct KeyValue: Codable {
        var key: String
        var value: Value
    }

    struct ResourceValue: Codable {
        var attributes: [KeyValue]
    }

    struct Scope: Codable {
        var name: String
        var version: String
    }

    struct SpanValue: Codable {
        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var flags: Int
        var name: String
        var kind: Int
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        var attributes: [KeyValue]
    }

    struct ScopeSpans: Codable {
        var scope: Scope
        var spans: [SpanValue]
    }

    struct ResourceSpans: Codable {
        var resource: ResourceValue
        var scopeSpans: [ScopeSpans]
    }

    var resourceSpans: [ResourceSpans]

    /// These spans, to be encoded with this resource.
    init(_ spans: [Telemetry.Span], _ resource: Resource) {
        let values = spans.map { span in
            SpanValue(
                traceId: span.context.traceID.description,
                spanId: span.context.spanID.description,
                parentSpanId: span.parent?.description,
                flags: Int(span.context.flags.rawValue) | 0x100,
                name: span.name,
                kind: Int(span.kind.rawValue),
                startTimeUnixNano: String(span.start),
                endTimeUnixNano: String(span.end),
                attributes: (span.sharedAttributes.attributes + span.attributes).map(KeyValue.init)
            )
        }
        let scope = Scope(name: SampleSpans.scope.name, version: SampleSpans.scope.version)
        resourceSpans = [
            ResourceSpans(
                resource: ResourceValue(attributes: resource.attributes.attributes.map(KeyValue.init)),
                scopeSpans: [ScopeSpans(scope: scope, spans: values)]
            )
        ]
    }
}

extension CodableSpans.KeyValue {
    init(_ attribute: Attribute) {
        key = attribute.key
        switch attribute.value {
        case .string(let text): value = CodableSpans.Value(stringValue: text)
        case .int(let number): value = CodableSpans.Value(intValue: String(number))
        default: preconditionFailure("The sample has texts and whole numbers only.")
        }
    }
}
