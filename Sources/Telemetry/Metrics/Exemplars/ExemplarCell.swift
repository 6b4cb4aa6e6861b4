// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Holds the last exemplar of one bucket (Metrics SDK, "AlignedHistogramBucketExemplarReservoir").
///
/// Nobody waits: of two threads that meet here one goes on without, for an exemplar is a sample.
struct ExemplarCell: ~Copyable, Sendable {
    private enum State {
        static let empty: UInt8 = 0
        static let busy: UInt8 = 1
        static let full: UInt8 = 2
    }

    private let state = Atomic<UInt8>(State.empty)
    private let value = Atomic<UInt64>(0)
    private let time = Atomic<UInt64>(0)
    private let traceHigh = Atomic<UInt64>(0)
    private let traceLow = Atomic<UInt64>(0)
    private let span = Atomic<UInt64>(0)

    /// Replaces what it holds.
    borrowing func store(_ value: Double, at time: UInt64, in context: SpanContext) {
        guard state.exchange(State.busy, ordering: .acquiring) != State.busy else { return }
        self.value.store(value.bitPattern, ordering: .relaxed)
        self.time.store(time, ordering: .relaxed)
        traceHigh.store(context.traceID.high, ordering: .relaxed)
        traceLow.store(context.traceID.low, ordering: .relaxed)
        span.store(context.spanID.word, ordering: .relaxed)
        state.store(State.full, ordering: .releasing)
    }

    /// Takes out what it holds. Nil also when a thread is storing at this moment: that exemplar is for the next time.
    borrowing func take() -> Exemplar? {
        let old = state.exchange(State.busy, ordering: .acquiring)
        guard old != State.busy else { return nil }
        defer { state.store(State.empty, ordering: .releasing) }
        guard old == State.full else { return nil }
        return Exemplar(
            value: Double(bitPattern: value.load(ordering: .relaxed)),
            time: time.load(ordering: .relaxed),
            traceID: TraceID(
                high: traceHigh.load(ordering: .relaxed),
                low: traceLow.load(ordering: .relaxed)
            ),
            spanID: SpanID(span.load(ordering: .relaxed))
        )
    }
}
