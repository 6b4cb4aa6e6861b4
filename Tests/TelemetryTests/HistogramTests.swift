// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct HistogramTests {
    private let meter = Meter(scope: Samples.scope, startTime: 1)

    private func point() throws -> HistogramPoint {
        let metric = try #require(meter.collect(at: 2).metrics.first)
        guard case .histogram(let points, .cumulative) = metric.data else {
            Issue.record("not a histogram")
            throw CancellationError()
        }
        return try #require(points.first)
    }

    @Test(arguments: [
        (-1.0, 0), (0, 0), (10, 0), (10.000001, 1), (20, 1), (49.9, 2), (50, 2), (50.1, 3), (1e300, 3),
    ]) func `counts a value in the bucket whose upper bound includes it`(value: Double, bucket: Int) throws {
        meter.histogram("h", bounds: [10, 20, 50]).series().record(value)
        var expected: [UInt64] = [0, 0, 0, 0]
        expected[bucket] = 1
        let point = try point()
        #expect(point.bucketCounts == expected)
        #expect(point.range == value...value)
    }

    @Test func `ignores values that are not finite`() throws {
        let series = meter.histogram("h", bounds: [1]).series()
        for value in [Double.nan, .infinity, -.infinity, 2] { series.record(value) }
        let point = try point()
        #expect((point.count, point.sum, point.range) == (1, 2, 2...2))
    }

    @Test func `loses nothing when many threads record`() async throws {
        let series = meter.histogram("h", bounds: [1, 2, 3]).series()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for index in 0..<5000 { series.record(Double(index % 5)) } }
            }
        }
        let point = try point()
        #expect(point.bucketCounts == [8000, 4000, 4000, 4000])
        #expect((point.sum, point.range) == (40_000, 0...4))
    }

    @Test(.timeLimit(.minutes(1))) func `a snapshot never counts a value that its sum lacks`() async throws {
        let series = meter.histogram("h", bounds: [10]).series()
        let writer = Task.detached { for _ in 0..<50_000 { series.record(1) } }
        var seen: UInt64 = 0
        while seen < 50_000 {
            let point = try point()
            #expect(point.sum >= Double(point.count))
            #expect(point.count >= seen)
            #expect(point.range != nil || point.count == 0)
            seen = point.count
            await Task.yield()
        }
        await writer.value
    }
}
