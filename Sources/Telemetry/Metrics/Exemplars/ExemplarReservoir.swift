// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A fair sample of the exemplars offered since the last collection (Metrics SDK, "SimpleFixedSizeExemplarReservoir").
/// Any thread may offer one.
@safe
struct ExemplarReservoir: ~Copyable, Sendable {
    private let offered = Atomic<UInt64>(0)
    /// The pointer never changes, and what it points to is atomic.
    private nonisolated(unsafe) let cells: UnsafeMutableBufferPointer<ExemplarCell>

    /// A reservoir of at most `size` exemplars.
    init(size: Int) {
        unsafe cells = .allocate(capacity: size)
        for index in unsafe cells.indices { unsafe cells.initializeElement(at: index, to: ExemplarCell()) }
    }

    deinit {
        unsafe cells.deinitialize().deallocate()
    }

    /// Keeps the exemplar, in place of another one when the reservoir is full, with a chance that is equal for all.
    borrowing func offer(_ value: Double, at time: UInt64, in context: SpanContext) {
        let number = offered.wrappingAdd(1, ordering: .relaxed).oldValue
        let size = unsafe UInt64(cells.count)
        let position = number < size ? number : Self.word(number) % (number + 1)
        if position < size { unsafe cells[Int(position)].store(value, at: time, in: context) }
    }

    /// Takes out what it holds.
    borrowing func take() -> [Exemplar] {
        offered.store(0, ordering: .relaxed)
        var exemplars: [Exemplar] = []
        for index in unsafe cells.indices {
            if let exemplar = unsafe cells[index].take() { exemplars.append(exemplar) }
        }
        return exemplars
    }

    /// The `number`th word of SplitMix64 (Steele, Lea and Flood 2014): chance enough, and nothing that threads share.
    private static func word(_ number: UInt64) -> UInt64 {
        var word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word &>> 31)
    }
}
