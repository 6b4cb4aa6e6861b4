// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

/// OpenTelemetry specification, "Sampler".
struct SamplerTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64 = 7

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) ^ (state << 31)
        }
    }

    private static func parent(_ flags: TraceFlags) -> SpanContext {
        SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: flags)
    }

    @Test(arguments: [
        // sampler, without a parent, under a sampled one, under one that is not
        (Sampler.alwaysOn, true, true, true),
        (.alwaysOff, false, false, false),
        (.traceIDRatio(1), true, true, true),
        (.traceIDRatio(0), false, false, false),
        (.parentBased(root: .alwaysOn), true, true, false),
        (.parentBased(root: .alwaysOff), false, true, false),
        (.parentBased(root: .traceIDRatio(0)), false, true, false),
        (.default, true, true, false),
    ])
    func `decides by the rule, and parent-based ones by the parent`(
        _ sampler: Sampler,
        _ root: Bool,
        _ underSampled: Bool,
        _ underOther: Bool
    ) {
        let id = TraceID(high: 1, low: .max / 2)
        #expect(sampler.samples(id) == root)
        #expect(sampler.samples(id, parent: Self.parent([.sampled, .random])) == underSampled)
        #expect(sampler.samples(id, parent: Self.parent(.random)) == underOther)
    }

    @Test func `an invalid parent is none`() {
        let invalid = SpanContext(traceID: TraceID(high: 0, low: 0), spanID: SpanID(3), flags: .sampled)
        #expect(!Sampler.parentBased(root: .alwaysOff).samples(TraceID(high: 1, low: 1), parent: invalid))
    }

    @Test(arguments: [
        (0.5, UInt64(1) << 63, false), (0.5, (UInt64(1) << 63) - 1, true), (0.25, UInt64(1) << 62, false),
        (0.25, (UInt64(1) << 62) - 1, true), (1, .max, true), (1.0.nextDown, 0, true), (1.0.nextDown, .max, false),
        (-1, 0, false), (.nan, 0, false), (2, .max, true), (.leastNonzeroMagnitude, 0, false),
    ])
    func `a ratio is compared with the low half of the id`(_ ratio: Double, _ low: UInt64, _ isSampled: Bool) {
        // The other half does not count.
        for high in [0, 1, UInt64.max] where high | low != 0 {
            #expect(Sampler.traceIDRatio(ratio).samples(TraceID(high: high, low: low)) == isSampled)
        }
    }

    @Test func `a ratio is met, and who samples less samples a part of what others sample`() {
        var generator = Generator()
        let ids = (0..<20_000).map { _ in TraceID.random(using: &generator) }
        var previous: Set<TraceID> = []
        for ratio in [0.01, 0.1, 0.5, 0.9] {
            let sampled = Set(ids.filter { Sampler.traceIDRatio(ratio).samples($0) })
            #expect(abs(Double(sampled.count) / 20_000 - ratio) < 0.02)
            #expect(sampled.isSuperset(of: previous))
            previous = sampled
        }
    }

    @Test func `a new trace bears the decision, its children inherit it, and its id is random all the same`() {
        var generator = Generator()
        let on = SpanContext.root(using: &generator, sampler: .alwaysOn)
        #expect(on.flags == [.sampled, .random])
        let off = SpanContext.root(using: &generator, sampler: .alwaysOff)
        #expect(off.flags == .random)
        #expect(off.traceID.isValid)
        #expect(off.child(using: &generator).flags == .random)
        #expect(off.traceparent.hasSuffix("-02"))
    }

    @Test(arguments: [
        (Sampler.alwaysOn, "AlwaysOnSampler"), (.alwaysOff, "AlwaysOffSampler"),
        (.parentBased(root: .traceIDRatio(0.01)), "ParentBased{root:TraceIdRatioBased{0.01}}"),
    ])
    func `has the specification's name`(_ sampler: Sampler, _ name: String) {
        #expect("\(sampler)" == name)
    }
}
