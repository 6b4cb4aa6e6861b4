// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

/// Scale, offsets and counts are those of OpenTelemetry's Python SDK on the same numbers.
@Suite struct ExponentialReferenceTests {
    /// What the SDK says.
    struct Reference: CustomTestStringConvertible {
        let range: NumberSource.Range
        let size: Int
        let count: Int
        let scale: Int
        let zeroCount: UInt64
        let positive: ExponentialBuckets
        let negative: ExponentialBuckets

        var testDescription: String { "\(range), \(size) buckets, \(count) numbers" }

        init?(_ words: [Substring]) {
            var numbers = words.dropFirst().compactMap { Int($0) }[...]
            guard numbers.count == words.count - 1, let range = NumberSource.Range(rawValue: String(words[0])) else {
                return nil
            }
            func buckets() -> ExponentialBuckets {
                let (offset, count) = (numbers.removeFirst(), numbers.removeFirst())
                defer { numbers.removeFirst(count) }
                return ExponentialBuckets(offset: offset, counts: numbers.prefix(count).map { UInt64($0) })
            }
            self.range = range
            size = numbers.removeFirst()
            count = numbers.removeFirst()
            scale = numbers.removeFirst()
            zeroCount = UInt64(numbers.removeFirst())
            positive = buckets()
            negative = buckets()
        }
    }

    static let references = ReferenceHistograms.text.split(separator: ";")
        .compactMap { Reference($0.split(whereSeparator: \.isWhitespace)) }

    @Test func `all ranges are there, each with 10,000 numbers, and all scales from 20 down to -10`() {
        #expect(Self.references.count == ReferenceHistograms.text.count { $0 == ";" })
        let complete = Self.references.filter { $0.count == 10_000 && $0.size == 160 }
        #expect(complete.map(\.range) == NumberSource.Range.allCases)
        #expect(Set(Self.references.map(\.scale)).isSuperset(of: [20, -10]))
    }

    @Test(arguments: references) func `agrees with the reference`(_ reference: Reference) throws {
        let meter = Meter(scope: Samples.scope, startTime: 1)
        let series = meter.exponentialHistogram("h", maximumSize: reference.size).series()
        var source = reference.range.source
        for _ in 0..<reference.count { series.record(source.number(in: reference.range)) }
        let point = try #require(meter.collect(at: 2).exponentialPoint)
        #expect(point.scale == reference.scale)
        #expect(point.zeroCount == reference.zeroCount)
        #expect(point.positive == reference.positive)
        #expect(point.negative == reference.negative)
        #expect(point.count == UInt64(reference.count))
    }
}
