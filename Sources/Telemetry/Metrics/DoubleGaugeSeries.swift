// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of a gauge of floating-point numbers; 0 until it is set.
public final class DoubleGaugeSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let bits = Atomic<UInt64>(0)

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// Replaces the value.
    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// The value at this moment.
    public var value: Double {
        Double(bitPattern: bits.load(ordering: .relaxed))
    }
}
