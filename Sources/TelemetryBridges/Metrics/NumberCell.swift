// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Telemetry

/// A floating-point number that several threads add to and replace.
final class NumberCell: Sendable {
    /// What distinguishes it.
    let attributes: AttributeSet
    private let bits = Atomic<UInt64>(0)

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// The number at this moment.
    var value: Double {
        Double(bitPattern: bits.load(ordering: .relaxed))
    }

    /// Replaces it.
    func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// Adds to it; what is not finite is ignored, because it would spoil the total for good.
    func add(_ change: Double) {
        guard change.isFinite else { return }
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + change).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
