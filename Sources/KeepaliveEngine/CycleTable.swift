// SPDX-License-Identifier: Apache-2.0

/// The cycles under way, by dense numbers that are used again.
struct CycleTable: Sendable {
    private var cycles: [Cycle] = []
    private var free: [Int32] = []

    /// Adds a cycle and returns its number, which is set in its attempt, too.
    mutating func insert(_ cycle: Cycle) -> Int32 {
        let number = free.popLast() ?? Int32(cycles.count)
        if Int(number) == cycles.count { cycles.append(cycle) } else { cycles[Int(number)] = cycle }
        cycles[Int(number)].attempt.cycle = number
        return number
    }

    mutating func remove(_ number: Int32) {
        free.append(number)
    }

    subscript(number: Int32) -> Cycle {
        get { cycles[Int(number)] }
        set { cycles[Int(number)] = newValue }
    }
}
