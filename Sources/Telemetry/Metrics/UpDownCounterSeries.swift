// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One series of an up-down counter.
public final class UpDownCounterSeries: MetricSeries {
    /// What distinguishes it.
    public let attributes: AttributeSet
    private let total = Atomic<Int64>(0)

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// Adds to the total; a negative number takes away.
    public func add(_ change: Int64) {
        total.wrappingAdd(change, ordering: .relaxed)
    }

    /// The total at this moment.
    public var value: Int64 {
        total.load(ordering: .relaxed)
    }
}
