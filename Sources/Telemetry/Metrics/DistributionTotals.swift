// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Sum, minimum and maximum of the values of one series. Any thread may add.
struct DistributionTotals: ~Copyable, Sendable {
    private let sum = Atomic<UInt64>(0)
    private let minimum = Atomic<UInt64>(Double.infinity.bitPattern)
    private let maximum = Atomic<UInt64>((-Double.infinity).bitPattern)

    /// Adds a finite value, which is to be counted afterwards.
    @inline(__always)
    borrowing func add(_ value: Double) {
        update(sum) { $0 + value }
        update(minimum) { Swift.min($0, value) }
        update(maximum) { Swift.max($0, value) }
    }

    /// Reads them for a snapshot that counted at least one value, or takes them out for a delta.
    borrowing func read(_ temporality: AggregationTemporality) -> (sum: Double, range: ClosedRange<Double>?) {
        let takes = temporality == .delta
        let total = read(sum, orTake: takes, leaving: 0)
        let lowest = read(minimum, orTake: takes, leaving: .infinity)
        let highest = read(maximum, orTake: takes, leaving: -.infinity)
        return (total, lowest <= highest ? lowest...highest : nil)
    }

    private borrowing func read(_ cell: borrowing Atomic<UInt64>, orTake takes: Bool, leaving rest: Double) -> Double {
        Double(
            bitPattern: takes ? cell.exchange(rest.bitPattern, ordering: .relaxed) : cell.load(ordering: .relaxed)
        )
    }

    @inline(__always)
    private borrowing func update(_ cell: borrowing Atomic<UInt64>, _ change: (Double) -> Double) {
        var old = cell.load(ordering: .relaxed)
        while true {
            let new = change(Double(bitPattern: old)).bitPattern
            if new == old { return }
            let (exchanged, original) = cell.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
