// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// The upper-inclusive bounds of a histogram's buckets, strictly increasing and finite; the last bucket is open.
public struct HistogramBounds: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The bounds.
    public let values: [Double]
    /// The member `explicitBounds` of a point as OTLP JSON; empty when there are no bounds.
    let json: [UInt8]

    /// The bounds; a programming error when they are not finite and strictly increasing.
    public init(_ values: [Double]) {
        precondition(values.allSatisfy(\.isFinite), "The bounds of a histogram must be finite: \(values)")
        precondition(
            zip(values, values.dropFirst()).allSatisfy { $0 < $1 },
            "The bounds of a histogram must increase strictly: \(values)"
        )
        self.values = values
        guard !values.isEmpty else {
            json = []
            return
        }
        var writer = JSONWriter()
        writer.key("explicitBounds")
        writer.beginArray()
        for value in values {
            writer.double(value)
        }
        writer.endArray()
        json = writer.bytes
    }

    /// The bounds; a programming error when they are not finite and strictly increasing.
    public init(arrayLiteral values: Double...) {
        self.init(values)
    }

    /// The bucket that counts a value: the first whose bound is not below it.
    func bucket(of value: Double) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if values[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
