// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct MeterTests {
    private let meter = Meter(scope: Samples.scope, startTime: 1)

    /// The values of one metric by the value of one attribute.
    private func values(_ name: String, by key: String, in snapshot: MetricSnapshot) -> [AttributeValue?: NumberValue] {
        for metric in snapshot.metrics where metric.description.name == name {
            switch metric.data {
            case .gauge(let points), .sum(let points, _, _):
                return Dictionary(points.map { ($0.attributes[key], $0.value) }) { _, last in last }
            case .histogram, .exponentialHistogram: break
            }
        }
        return [:]
    }

    @Test func `gives the same series for the same attributes`() {
        let counter = meter.counter("c")
        let first = counter.series(for: ["a": 1, "b": 2])
        #expect(first === counter.series(for: ["b": 2, "a": 1]))
        #expect(first !== counter.series(for: ["a": 1]))
        #expect(meter.counter("C").series(for: ["a": 1, "b": 2]) === first)
    }

    @Test func `forgets a removed series`() {
        let gauge = meter.gauge("g")
        gauge.series(for: ["a": 1]).set(5)
        gauge.series(for: ["a": 2]).set(6)
        gauge.removeSeries(for: ["a": 1])
        gauge.removeSeries(for: ["a": 3])
        #expect(values("g", by: "a", in: meter.collect(at: 2)) == [2: .int(6)])
        gauge.series(for: ["a": 1]).set(7)
        #expect(values("g", by: "a", in: meter.collect(at: 3)) == [2: .int(6), 1: .int(7)])
    }

    @Test func `forgets whatever is about something that is gone, of all instruments`() {
        let counters = (0..<3 as Range<Int64>).map { meter.counter("c").series(for: ["b": .int($0), "r": "x"]) }
        for counter in counters { counter.add(2) }
        meter.derivedCounter("d").addSeries(for: ["b": 1], sumOf: [counters[1]])
        meter.doubleGauge("g").series(for: ["b": 1]).set(1)
        meter.histogram("h", bounds: [1]).series(for: ["b": 1]).record(1)
        meter.upDownCounter("u").series(for: ["b": 2]).add(1)
        meter.observableGauge("o") { $0.observe(1, for: ["b": 1]) }
        meter.removeSeries { $0["b"] == 1 }
        counters[1].add()
        let snapshot = meter.collect(at: 2)
        #expect(snapshot.metrics.map(\.description.name) == ["c", "u", "o"])
        #expect(values("c", by: "b", in: snapshot) == [0: .int(2), 2: .int(2)])
    }

    @Test func `keeps the overflow series, which stands for others, too`() {
        let counter = meter.counter("c", cardinalityLimit: 2)
        for index in 0..<3 { counter.series(for: ["b": .int(Int64(index))]).add() }
        meter.removeSeries { _ in true }
        #expect(values("c", by: "b", in: meter.collect(at: 2)) == [nil: .int(2)])
        counter.series(for: ["b": 1]).add()
        #expect(values("c", by: "b", in: meter.collect(at: 3)) == [nil: .int(2), 1: .int(1)])
    }

    @Test func `a series that comes back starts after the last snapshot, as nothing is taken back`() {
        func starts(_ snapshot: MetricSnapshot) -> [String: [UInt64?]] {
            var starts: [String: [UInt64?]] = [:]
            for metric in snapshot.metrics {
                switch metric.data {
                case .gauge(let points), .sum(let points, _, _): starts[metric.description.name] = points.map(\.start)
                case .histogram(let points, _): starts[metric.description.name] = points.map(\.start)
                case .exponentialHistogram(let points, _): starts[metric.description.name] = points.map(\.start)
                }
            }
            return starts
        }
        func record() {
            let counter = meter.counter("c").series(for: ["b": 1])
            counter.add()
            meter.derivedCounter("d").addSeries(for: ["b": 1], sumOf: [counter])
            meter.histogram("h", bounds: [1]).series(for: ["b": 1]).record(1)
            meter.exponentialHistogram("e").series(for: ["b": 1]).record(1)
        }
        meter.counter("c").series(for: ["b": 0]).add()
        record()
        #expect(starts(meter.collect(at: 5)).values.allSatisfy { $0.allSatisfy { $0 == nil } })
        meter.removeSeries { $0["b"] == 1 }
        _ = meter.collect(at: 7)
        record()
        let snapshot = meter.collect(at: 9)
        #expect(starts(snapshot) == ["c": [nil, 7], "d": [7], "h": [7], "e": [7]])
        let text = Samples.text(OTLPJSON.encode(metrics: snapshot, resource: Samples.resource))
        #expect(text.occurrences(of: #""startTimeUnixNano":"7""#) == 4)
        #expect(text.occurrences(of: #""startTimeUnixNano":"1""#) == 1)
    }

    @Test func `a cardinality limit can be raised, not lowered`() {
        let counter = meter.counter("c", cardinalityLimit: 2)
        meter.observableGauge("g", cardinalityLimit: 2) { observations in
            for index in 0..<3 { observations.observe(1, for: ["b": .int(Int64(index))]) }
        }
        for name in ["C", "g", "none"] { meter.raiseCardinalityLimit(of: name, to: 4) }
        meter.raiseCardinalityLimit(of: "c", to: 3)
        for index in 0..<3 { counter.series(for: ["b": .int(Int64(index))]).add() }
        let snapshot = meter.collect(at: 2)
        #expect(values("c", by: "b", in: snapshot)[nil] == nil && snapshot.pointCount == 6)
    }

    @Test func `counts up and down`() {
        let up = meter.counter("c").series()
        up.add()
        up.add(4)
        let both = meter.upDownCounter("u").series()
        both.add(3)
        both.add(-5)
        #expect(up.value == 5)
        #expect(both.value == -2)
    }

    @Test func `puts what is beyond the limit into the overflow series, exactly`() {
        let counter = meter.counter("c", cardinalityLimit: 4)
        for index in 0..<10 { counter.series(for: ["i": .int(Int64(index))]).add(1 << index) }
        let snapshot = meter.collect(at: 2)
        #expect(snapshot.pointCount == 4)
        let byIndex = values("c", by: "i", in: snapshot)
        #expect(byIndex == [0: .int(1), 1: .int(2), 2: .int(4), nil: .int(0b11_1111_1000)])
        #expect(values("c", by: "otel.metric.overflow", in: snapshot)[true] == .int(0b11_1111_1000))
        #expect(counter.series(for: ["i": 9]) === counter.series(for: .overflow))
        #expect(counter.series(for: ["i": 2]).value == 4)
    }

    @Test func `limits the series of an instrument to 2000 by default`() {
        let counter = meter.counter("c")
        for index in 0..<2500 { counter.series(for: ["i": .int(Int64(index))]).add() }
        let snapshot = meter.collect(at: 2)
        #expect(snapshot.pointCount == 2000)
        #expect(values("c", by: "i", in: snapshot)[nil] == .int(501))
    }

    @Test func `asks callbacks at each collection, and the last observation of a set counts`() {
        let state = meter.gauge("state").series()
        meter.observableGauge("g") { observations in
            observations.observe(1, for: ["k": "a"])
            observations.observe(2, for: ["k": "a"])
            observations.observe(state.value, for: ["k": "b"])
        }
        meter.observableUpDownCounter("u") { $0.observe(-1) }
        #expect(values("g", by: "k", in: meter.collect(at: 2)) == ["a": .int(2), "b": .int(0)])
        state.set(9)
        let snapshot = meter.collect(at: 3)
        #expect(values("g", by: "k", in: snapshot) == ["a": .int(2), "b": .int(9)])
        #expect(values("u", by: "k", in: snapshot) == [nil: .int(-1)])
    }

    @Test func `a callback may make series of other instruments`() {
        let counter = meter.counter("c")
        meter.observableGauge("g") { observations in
            counter.series(for: ["made": true]).add()
            observations.observe(1)
        }
        #expect(values("c", by: "made", in: meter.collect(at: 2)) == [true: .int(1)])
    }

    @Test func `sums observed totals beyond the limit and keeps the last observed gauge`() {
        meter.observableCounter("c", cardinalityLimit: 2) { observations in
            for index in 0..<4 { observations.observe(Int64(10 + index), for: ["i": .int(Int64(index))]) }
        }
        meter.observableGauge("g", cardinalityLimit: 2) { observations in
            for index in 0..<4 { observations.observe(Int64(10 + index), for: ["i": .int(Int64(index))]) }
        }
        let snapshot = meter.collect(at: 2)
        #expect(values("c", by: "i", in: snapshot) == [0: .int(10), nil: .int(36)])
        #expect(values("g", by: "i", in: snapshot) == [0: .int(10), nil: .int(13)])
    }

    @Test func `keeps the order of instruments and the start in every snapshot`() {
        _ = meter.gauge("z").series()
        _ = meter.counter("a").series()
        for time in [2, 3] as [UInt64] {
            let snapshot = meter.collect(at: time)
            #expect(snapshot.metrics.map(\.description.name) == ["z", "a"])
            #expect((snapshot.start, snapshot.time) == (1, time))
        }
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func occurrences(of part: String) -> Int { ranges(of: part).count }
}
