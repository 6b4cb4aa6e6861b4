// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct ExponentialHistogramTests {
    private func meter(_ temporality: TemporalityPreference = .cumulative) -> Meter {
        let options = MeterOptions(temporality: temporality, histogramAggregation: .base2Exponential)
        return Meter(scope: Samples.scope, startTime: 1, options: options)
    }

    @Test func `a histogram has exponential buckets only where the meter is told so`() {
        let explicit = Meter(scope: Samples.scope, startTime: 1)
        _ = explicit.histogram("h", bounds: [1]).series()
        #expect(explicit.collect(at: 2).exponentialPoint == nil)
        let meter = meter()
        _ = meter.histogram("h", bounds: [1]).series()
        #expect(meter.collect(at: 2).exponentialPoint?.count == 0)
    }

    @Test func `begins at scale 20 and coarsens until 160 buckets suffice, in both directions`() throws {
        let meter = meter()
        let series = meter.histogram("h", bounds: []).series()
        series.record(1)
        #expect(meter.collect(at: 2).exponentialPoint?.scale == 20)
        for value in [1024.0, -1, 0, 0.5] { series.record(value) }
        let point = try #require(meter.collect(at: 3).exponentialPoint)
        // 2^-1 to 2^10: 11 powers in at most 160 buckets are at most 14 buckets each.
        #expect(point.scale == 3)
        #expect((point.positive.offset, point.positive.counts.count) == (-9, 89))
        #expect((point.negative.offset, point.negative.counts) == (-1, [1]))
        #expect((point.zeroCount, point.count, point.sum, point.range) == (1, 5, 1024.5, -1...1024))
    }

    @Test func `ignores values that are not finite, and is never wider than its limit`() throws {
        let meter = meter()
        let series = meter.histogram("h", bounds: []).series()
        let values = [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0]
        for value in values { series.record(value) }
        let point = try #require(meter.collect(at: 2).exponentialPoint)
        #expect((point.scale, point.zeroCount, point.count) == (-4, 1, 3))
        #expect(point.positive.counts.count <= 160)
    }

    @Test func `begins again after each delta, as fine as at first`() throws {
        let meter = meter(.delta)
        let series = meter.histogram("h", bounds: []).series()
        for value in [1e-9, 1e9] { series.record(value) }
        let first = try #require(meter.collect(at: 2).exponentialPoint)
        #expect(first.scale < 20 && first.count == 2)
        series.record(3)
        let second = try #require(meter.collect(at: 3).exponentialPoint)
        #expect((second.scale, second.count, second.sum, second.range) == (20, 1, 3, 3...3))
        let third = try #require(meter.collect(at: 4).exponentialPoint)
        #expect((third.count, third.sum, third.range) == (0, 0, nil))
    }

    @Test func `keeps a sample of at most 20 exemplars, and each once`() throws {
        let meter = meter()
        let series = meter.histogram("h", bounds: []).series()
        for index in 1...200 { series.record(Double(index), in: Samples.context, at: UInt64(index)) }
        let exemplars = try #require(meter.collect(at: 300).exponentialPoint).exemplars
        #expect(exemplars.count == 20)
        #expect(Set(exemplars).count == 20)
        #expect(exemplars.contains { $0.value > 20 })
        #expect(exemplars.allSatisfy { Double($0.time) == $0.value && $0.traceID == Samples.traceID })
        #expect(meter.collect(at: 301).exponentialPoint?.exemplars == [])
    }

    /// Powers of two, ever further apart, so that the buckets coarsen again and again; their buckets and sums are exact, so
    /// that nothing depends on the order in which they are recorded.
    private static func powers(_ thread: Int) -> [Double] {
        var source = NumberSource(seed: UInt64(thread))
        return (0..<3000).map { index in
            let reach = index / 150
            let exponent = Int(source.word() % UInt64(2 * reach + 1)) - reach
            if index % 10 == 0 { return 0 }
            return Double(sign: index % 3 == 0 ? .minus : .plus, exponent: exponent, significand: 1)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [TemporalityPreference.cumulative, .delta])
    func `loses nothing when many threads record and one collects`(temporality: TemporalityPreference) async throws {
        let (meter, alone) = (meter(temporality), meter())
        let series = meter.histogram("h", bounds: []).series()
        let reference = alone.histogram("h", bounds: []).series()
        for thread in 0..<3 {
            for value in Self.powers(thread) { reference.record(value) }
        }
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<3 {
                group.addTask {
                    for (index, value) in Self.powers(thread).enumerated() {
                        series.record(value, in: index % 7 == 0 ? Samples.context : nil, at: 5)
                        if index % 500 == 0 { await Task.yield() }
                    }
                }
            }
            group.addTask {
                var (count, sum) = (0 as UInt64, 0.0)
                while count < 9000 {
                    guard let point = meter.collect(at: 9).exponentialPoint else { continue }
                    count = temporality == .delta ? count + point.count : point.count
                    sum += point.sum
                    for buckets in [point.positive, point.negative] {
                        #expect(buckets.counts.count <= 160)
                        #expect(buckets.counts.first != 0 && buckets.counts.last != 0)
                    }
                    await Task.yield()
                }
                #expect(count == 9000)
                let left = meter.collect(at: 9).exponentialPoint
                let right = alone.collect(at: 9).exponentialPoint
                guard temporality == .cumulative else {
                    #expect(sum + (left?.sum ?? 0) == right?.sum)
                    return
                }
                #expect((left?.scale, left?.zeroCount, left?.sum) == (right?.scale, right?.zeroCount, right?.sum))
                #expect(left?.positive == right?.positive)
                #expect(left?.negative == right?.negative)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `counts nothing for a delta that was collected`() async {
        let meter = meter(.delta)
        let series = meter.histogram("h", bounds: []).series()
        let working = Countdown(2)
        await withTaskGroup(of: Void.self) { group in
            for thread in 1...2 {
                group.addTask {
                    // One bucket for long: a collection is over at once, and may fall between any two steps of counting.
                    for index in 0..<200_000 { series.record(index % 1000 < 990 ? 1 : Double(thread)) }
                    working.finishOne()
                }
            }
            group.addTask {
                var (count, sum) = (0 as UInt64, 0.0)
                var isLast = false
                while !isLast {
                    isLast = working.isOver
                    guard let point = meter.collect(at: 9).exponentialPoint else { continue }
                    count += point.count
                    sum += point.sum
                }
                #expect((count, sum) == (400_000, 402_000))
            }
        }
    }

    @Test func `what many threads recorded is in the buckets that one would have used`() async throws {
        let (shared, alone) = (meter(), meter())
        let (series, reference) = (
            shared.histogram("h", bounds: []).series(), alone.histogram("h", bounds: []).series()
        )
        // The widest pair first, so that the scale does not depend on the order.
        for series in [series, reference] {
            for value in [1e-3, 1e6, -1e-3, -1e6] { series.record(value) }
        }
        let values = (1...20_000).map { Double($0 % 2 == 0 ? $0 : -$0) * 0.37 }
        for value in values { reference.record(value) }
        await withTaskGroup(of: Void.self) { group in
            for part in 0..<4 {
                group.addTask {
                    for index in stride(from: part, to: values.count, by: 4) { series.record(values[index]) }
                }
            }
        }
        let (left, right) = (shared.collect(at: 2).exponentialPoint, alone.collect(at: 2).exponentialPoint)
        #expect(try #require(left).positive == right?.positive)
        #expect(left?.negative == right?.negative)
        #expect((left?.scale, left?.range) == (right?.scale, right?.range))
    }
}
