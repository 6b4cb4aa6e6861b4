// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct TemporalityTests {
    private func meter(_ temporality: TemporalityPreference, start: UInt64 = 10) -> Meter {
        Meter(scope: Samples.scope, startTime: start, options: MeterOptions(temporality: temporality))
    }

    @Test(arguments: [
        (TemporalityPreference.cumulative, [2, 2, 2, 2, 2, 2] as [UInt8]),
        (.delta, [1, 1, 1, 1, 2, 2]),
        (.lowMemory, [1, 1, 1, 2, 2, 2]),
    ]) func `each kind has the temporality that the preference means`(
        preference: TemporalityPreference,
        expected: [UInt8]
    ) {
        let meter = meter(preference)
        let series = meter.counter("counter").series()
        meter.derivedCounter("derived").addSeries(for: .empty, sumOf: [series])
        _ = meter.histogram("histogram", bounds: []).series()
        meter.observableCounter("observed") { $0.observe(1) }
        _ = meter.upDownCounter("upDown").series()
        meter.observableUpDownCounter("observedUpDown") { $0.observe(1) }
        _ = meter.gauge("gauge").series()
        let snapshot = meter.collect(at: 20)
        let names = ["counter", "derived", "histogram", "observed", "upDown", "observedUpDown"]
        #expect(names.map { snapshot.temporality($0)?.rawValue } == expected)
        #expect(snapshot.temporality("gauge") == nil)
    }

    @Test func `a delta tells what came since the last collection, a total goes on`() {
        let meter = meter(.delta)
        let counter = meter.counter("c").series()
        let upDown = meter.upDownCounter("u").series()
        meter.derivedCounter("d").addSeries(for: .empty, sumOf: [counter])
        var snapshots: [MetricSnapshot] = []
        for (time, change) in [(20, 3), (30, 0), (40, 4)] as [(UInt64, UInt64)] {
            counter.add(change)
            upDown.add(Int64(change))
            snapshots.append(meter.collect(at: time))
        }
        #expect(snapshots.map { $0.sums("c") } == [[.int(3)], [.int(0)], [.int(4)]])
        #expect(snapshots.map { $0.sums("d") } == [[.int(3)], [.int(0)], [.int(4)]])
        #expect(snapshots.map { $0.sums("u") } == [[.int(3)], [.int(3)], [.int(7)]])
        #expect(snapshots.map(\.intervalStart) == [10, 20, 30])
        #expect(snapshots.map(\.start) == [10, 10, 10])
        #expect(counter.value == 7)
    }

    @Test func `a histogram's delta has its own counts, sum, minimum and maximum`() throws {
        let meter = meter(.delta)
        let series = meter.histogram("h", bounds: [10]).series()
        for value in [1.0, 20] { series.record(value) }
        let first = try #require(meter.collect(at: 20).histogramPoint)
        #expect((first.bucketCounts, first.sum, first.range) == ([1, 1], 21, 1...20))
        series.record(5)
        let second = try #require(meter.collect(at: 30).histogramPoint)
        #expect((second.bucketCounts, second.sum, second.range) == ([1, 0], 5, 5...5))
        let third = try #require(meter.collect(at: 40).histogramPoint)
        #expect((third.bucketCounts, third.sum, third.range) == ([0, 0], 0, nil))
    }

    @Test func `a delta of observed totals is their growth, and all of it after a reset`() {
        let meter = meter(.delta)
        let total = meter.gauge("total").series()
        meter.observableCounter("c") { observations in
            observations.observe(total.value, for: ["k": "i"])
            observations.observe(double: Double(total.value) / 2, for: ["k": "d"])
        }
        var seen: [[NumberValue]] = []
        for (time, value) in [(20, 4), (30, 10), (40, 10), (50, 2)] as [(UInt64, Int64)] {
            total.set(value)
            seen.append(meter.collect(at: time).sums("c"))
        }
        #expect(
            seen == [
                [.int(4), .double(2)], [.int(6), .double(3)], [.int(0), .double(0)], [.int(2), .double(1)],
            ]
        )
    }

    @Test func `no interval ends before it starts when the clock is set back`() {
        let meter = meter(.delta)
        _ = meter.counter("c").series()
        let intervals = ([20, 15, 30, 5, 12] as [UInt64]).map { time in
            let snapshot = meter.collect(at: time)
            return [snapshot.intervalStart, snapshot.time]
        }
        #expect(intervals == [[10, 20], [15, 15], [15, 30], [10, 10], [10, 12]])
    }

    @Test func `the parts of a snapshot keep its interval`() {
        let meter = meter(.delta)
        let counter = meter.counter("c")
        for index in 0..<3 { _ = counter.series(for: ["i": .int(Int64(index))]) }
        _ = meter.collect(at: 20)
        let parts = meter.collect(at: 30).split(maximumPoints: 2)
        #expect(parts.map(\.intervalStart) == [20, 20])
    }

    @Test(.timeLimit(.minutes(1))) func `deltas add up to the total while others record`() async {
        let meter = meter(.delta)
        let (successes, failures) = (meter.counter("s").series(), meter.counter("f").series())
        meter.derivedCounter("attempts").addSeries(for: .empty, sumOf: [successes, failures])
        let histogram = meter.histogram("h", bounds: [1, 2]).series()
        let working = Countdown(2)
        await withTaskGroup(of: Void.self) { group in
            for series in [successes, failures] {
                group.addTask {
                    for index in 0..<20_000 {
                        series.add()
                        histogram.record(Double(index % 4))
                        if index % 500 == 0 { await Task.yield() }
                    }
                    working.finishOne()
                }
            }
            group.addTask {
                var (attempts, count, sum) = (0 as Int64, 0 as UInt64, 0.0)
                var isLast = false
                while !isLast {
                    // The final collection begins after the last record, and has it.
                    isLast = working.isOver
                    let snapshot = meter.collect(at: 20)
                    let parts = snapshot.sums("s") + snapshot.sums("f")
                    #expect(snapshot.sums("attempts").map(\.whole) == [parts.reduce(0) { $0 + $1.whole }])
                    attempts += parts.reduce(0) { $0 + $1.whole }
                    count += snapshot.histogramPoint?.count ?? 0
                    sum += snapshot.histogramPoint?.sum ?? 0
                    await Task.yield()
                }
                #expect((attempts, count, sum) == (40_000, 40_000, 60_000))
            }
        }
    }
}

extension NumberValue {
    fileprivate var whole: Int64 {
        if case .int(let value) = self { value } else { .min }
    }
}
