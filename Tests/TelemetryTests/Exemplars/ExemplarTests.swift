// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct ExemplarTests {
    private static let unsampled = SpanContext(traceID: Samples.traceID, spanID: Samples.spanID, flags: .random)

    private func meter(_ filter: ExemplarFilter = .traceBased, _ temporality: TemporalityPreference = .cumulative)
        -> Meter
    {
        let options = MeterOptions(temporality: temporality, exemplarFilter: filter)
        return Meter(scope: Samples.scope, startTime: 10, options: options)
    }

    @Test func `the last value of each bucket that was recorded in a sampled span is kept`() throws {
        let meter = meter()
        let series = meter.histogram("h", bounds: [10, 20]).series()
        let other = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: .sampled)
        series.record(5, in: Samples.context, at: 11)
        series.record(6, in: other, at: 12)
        series.record(7)
        series.record(8, in: Self.unsampled, at: 13)
        series.record(9, in: nil, at: 14)
        series.record(30, in: Samples.context, at: 15)
        let point = try #require(meter.collect(at: 20).histogramPoint)
        #expect(point.bucketCounts == [5, 0, 1])
        #expect(
            point.exemplars == [
                Exemplar(value: 6, time: 12, traceID: TraceID(high: 1, low: 2), spanID: SpanID(3)),
                Exemplar(value: 30, time: 15, traceID: Samples.traceID, spanID: Samples.spanID),
            ]
        )
    }

    @Test(arguments: [(ExemplarFilter.traceBased, [2.0]), (.alwaysOn, [1, 2]), (.alwaysOff, [])])
    func `the filter decides, and without a span there is none`(filter: ExemplarFilter, values: [Double]) throws {
        let meter = meter(filter)
        let series = meter.histogram("h", bounds: [1, 2]).series()
        series.record(1, in: Self.unsampled, at: 11)
        series.record(2, in: Samples.context, at: 11)
        series.record(3, in: nil, at: 11)
        let point = try #require(meter.collect(at: 20).histogramPoint)
        #expect(point.exemplars.map(\.value) == values)
        #expect(point.count == 3)
    }

    @Test(arguments: TemporalityPreference.allCases)
    func `an exemplar is in one snapshot, its time inside the interval`(temporality: TemporalityPreference) throws {
        let meter = meter(.traceBased, temporality)
        let series = meter.histogram("h", bounds: [1, 2, 3]).series()
        for (value, time) in [(1, 5), (2, 15), (3, 25)] as [(Double, UInt64)] {
            series.record(value, in: Samples.context, at: time)
        }
        #expect(try #require(meter.collect(at: 20).histogramPoint).exemplars.map(\.time) == [10, 15, 20])
        #expect(try #require(meter.collect(at: 30).histogramPoint).exemplars.isEmpty)
        series.record(2, in: Samples.context, at: 1)
        #expect(try #require(meter.collect(at: 40).histogramPoint).exemplars.map(\.time) == [30])
    }

    @Test func `a value that is not finite is no example`() throws {
        let meter = meter()
        meter.histogram("h", bounds: []).series().record(.infinity, in: Samples.context, at: 11)
        #expect(try #require(meter.collect(at: 20).histogramPoint).exemplars.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [TemporalityPreference.cumulative, .delta])
    func `is never made of two values, and never of a bucket without values`(temporality: TemporalityPreference) async {
        let meter = meter(.traceBased, temporality)
        let series = meter.histogram("h", bounds: [1, 2]).series()
        await withTaskGroup(of: Void.self) { group in
            for thread in 1...3 as ClosedRange<UInt64> {
                let value = Double(thread)
                let ids = (TraceID(high: thread, low: thread), SpanID(thread))
                let context = SpanContext(traceID: ids.0, spanID: ids.1, flags: .sampled)
                group.addTask {
                    for index in 0..<5000 as Range<UInt64> {
                        // Two threads share the last bucket.
                        series.record(max(2, value), in: context, at: 10 + thread)
                        if index % 100 == 0 { await Task.yield() }
                    }
                }
            }
            group.addTask {
                var (count, seen) = (0 as UInt64, 0)
                while count < 15_000 {
                    guard let point = meter.collect(at: 100).histogramPoint else { continue }
                    count = temporality == .delta ? count + point.count : point.count
                    #expect(point.exemplars.count <= 2)
                    for exemplar in point.exemplars {
                        let thread = exemplar.spanID.word
                        let ids = TraceID(high: thread, low: thread)
                        #expect(exemplar.traceID == ids)
                        #expect(exemplar.value == max(2, Double(thread)))
                        #expect(exemplar.time == (seen == 0 ? 10 + thread : 100))
                        #expect(point.bucketCounts[exemplar.value > 2 ? 2 : 1] > 0)
                    }
                    seen += 1
                    await Task.yield()
                }
                #expect(count == 15_000)
                #expect(seen > 0)
            }
        }
    }
}
