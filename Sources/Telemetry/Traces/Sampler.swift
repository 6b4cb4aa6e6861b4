// SPDX-License-Identifier: Apache-2.0

/// Decides which traces are recorded (OpenTelemetry specification, "Sampler"): a rule, without state and without chance of
/// its own, so that everybody who asks about the same trace gets the same answer.
public indirect enum Sampler: Sendable, Hashable {
    /// Every trace.
    case alwaysOn
    /// No trace.
    case alwaysOff
    /// This share of all traces, 0 to 1, by trace id: who samples more samples all that others sample.
    case traceIDRatio(Double)
    /// What was decided for the parent; `root` decides where there is none.
    case parentBased(root: Sampler)

    /// The specification's default: all traces that nobody decided against.
    public static let `default` = Sampler.parentBased(root: .alwaysOn)

    /// Whether a span of the trace is recorded and exported.
    /// - Parameter parent: the span that causes it; nil for the first one of a trace.
    public func samples(_ traceID: TraceID, parent: SpanContext? = nil) -> Bool {
        switch self {
        case .alwaysOn: true
        case .alwaysOff: false
        case .traceIDRatio(let ratio): Sampler.samples(traceID, ratio: ratio)
        case .parentBased(let root):
            // An invalid parent is none ("ParentBased").
            if let parent, parent.traceID.isValid, parent.spanID.isValid {
                parent.flags.contains(.sampled)
            } else {
                root.samples(traceID)
            }
        }
    }

    /// The low eight bytes as a fraction of their range, as the SDKs for Python and Go compare them.
    private static func samples(_ traceID: TraceID, ratio: Double) -> Bool {
        // A ratio that is not a number samples nothing.
        guard ratio > 0 else { return false }
        guard ratio < 1 else { return true }
        return traceID.low < UInt64(ratio * 0x1p64)
    }
}

extension Sampler: CustomStringConvertible {
    /// The form of the specification, "GetDescription": `TraceIdRatioBased{0.01}` for instance.
    public var description: String {
        switch self {
        case .alwaysOn: "AlwaysOnSampler"
        case .alwaysOff: "AlwaysOffSampler"
        case .traceIDRatio(let ratio): "TraceIdRatioBased{\(ratio)}"
        case .parentBased(let root): "ParentBased{root:\(root)}"
        }
    }
}
