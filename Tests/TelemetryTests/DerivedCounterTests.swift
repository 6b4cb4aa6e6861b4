// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Telemetry
import Testing

@Suite struct DerivedCounterTests {
    /// Tells the writers to stop.
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    private let meter = Meter(scope: Samples.scope, startTime: 1)

    private func total(_ name: String, in snapshot: MetricSnapshot) -> Int64 {
        points(name, in: snapshot).reduce(0) { sum, point in
            guard case .int(let value) = point.value else { return sum }
            return sum + value
        }
    }

    private func points(_ name: String, in snapshot: MetricSnapshot) -> [NumberPoint] {
        for metric in snapshot.metrics where metric.description.name == name {
            if case .sum(let points, isMonotonic: true, .cumulative) = metric.data { return points }
        }
        return []
    }

    @Test func `is the sum of its sources, before and after they count, and stands where it was made`() {
        let attempts = meter.derivedCounter("attempts")
        let successes = meter.counter("successes").series(for: ["b": 1])
        let failures = meter.counter("failures")
        let sources = [successes, failures.series(for: ["b": 1, "r": 1]), failures.series(for: ["b": 1, "r": 2])]
        attempts.addSeries(for: ["b": 1], sumOf: sources)
        let empty = meter.collect(at: 2)
        #expect(points("attempts", in: empty) == [NumberPoint(attributes: ["b": 1], value: .int(0))])
        for (index, source) in sources.enumerated() { source.add(UInt64(index + 1)) }
        let snapshot = meter.collect(at: 3)
        #expect(points("attempts", in: snapshot) == [NumberPoint(attributes: ["b": 1], value: .int(6))])
        #expect(snapshot.metrics.first?.description.name == "attempts")
    }

    @Test func `counts a source once however often it was added, and forgets a removed series`() {
        let source = meter.counter("c").series()
        let derived = meter.derivedCounter("d")
        derived.addSeries(for: .empty, sumOf: [source])
        derived.addSeries(for: .empty, sumOf: [source, source])
        source.add(2)
        #expect(total("d", in: meter.collect(at: 2)) == 2)
        derived.removeSeries(for: .empty)
        #expect(points("d", in: meter.collect(at: 3)).isEmpty)
    }

    @Test func `stays exact in total when sources or its own series overflow`() {
        let attempts = meter.derivedCounter("attempts", cardinalityLimit: 3)
        let successes = meter.counter("successes")
        let failures = meter.counter("failures", cardinalityLimit: 4)
        for backend in 0..<5 {
            let set: AttributeSet = ["b": .int(Int64(backend))]
            let success = successes.series(for: set)
            let failure = (0..<2).map { failures.series(for: set.adding([Attribute("r", .int($0))])) }
            attempts.addSeries(for: set, sumOf: [success] + failure)
            success.add(100)
            for series in failure { series.add(1) }
        }
        let snapshot = meter.collect(at: 2)
        #expect(points("attempts", in: snapshot).count == 3)
        #expect(points("failures", in: snapshot).count == 4)
        #expect(total("attempts", in: snapshot) == 510)
        #expect(total("successes", in: snapshot) + total("failures", in: snapshot) == 510)
    }

    @Test(.timeLimit(.minutes(1))) func `holds in every snapshot while others count`() async {
        let attempts = meter.derivedCounter("attempts")
        let successes = meter.counter("successes").series()
        let failures = meter.counter("failures").series()
        attempts.addSeries(for: .empty, sumOf: [successes, failures])
        // Reading these takes time, in which the writers go on between the reading of the sources and the sum.
        let others = meter.counter("others")
        for index in 0..<1500 { _ = others.series(for: ["i": .int(Int64(index))]) }
        let done = Flag()
        await withTaskGroup(of: Void.self) { group in
            for series in [successes, failures] {
                group.addTask {
                    // Yields: the pool may have no more threads than there are writers.
                    while !done.isSet.load(ordering: .relaxed) {
                        for _ in 0..<500 { series.add() }
                        await Task.yield()
                    }
                }
            }
            group.addTask {
                while successes.value == 0 || failures.value == 0 { await Task.yield() }
                for time in 1...200 as ClosedRange<UInt64> {
                    let snapshot = meter.collect(at: time)
                    let sum = total("successes", in: snapshot) + total("failures", in: snapshot)
                    #expect(total("attempts", in: snapshot) == sum)
                    if time % 10 == 0 { await Task.yield() }
                }
                done.isSet.store(true, ordering: .relaxed)
            }
        }
        #expect(total("attempts", in: meter.collect(at: 9)) == Int64(successes.value + failures.value))
    }
}
