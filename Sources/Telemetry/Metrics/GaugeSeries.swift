// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of a gauge of whole numbers; 0 until it is set.
public final class GaugeSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let current = Atomic<Int64>(0)

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// Replaces the value.
    public func set(_ value: Int64) {
        current.store(value, ordering: .relaxed)
    }

    /// The value at this moment.
    public var value: Int64 {
        current.load(ordering: .relaxed)
    }
}
