// SPDX-License-Identifier: Apache-2.0

import Locking

/// What happened so far, for tests that wait for more of it instead of for time to pass.
package final class Recorder<Record: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        let isOver: @Sendable (Record) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var record: Record
        var waiters: [Waiter] = []
        var count = 0
    }

    private let state: Locked<State>

    /// A recorder that starts with this.
    package init(_ record: Record) {
        state = Locked(State(record: record))
    }

    /// A copy of what was recorded so far.
    package var record: Record { state.withLock { $0.record } }

    /// Changes what is recorded, then resumes those whose condition holds.
    package func change<Result: Sendable>(_ body: @Sendable (inout Record) -> Result) -> Result {
        let (result, resumed) = state.withLock { state in
            let result = body(&state.record)
            let resumed = state.waiters.filter { $0.isOver(state.record) }
            if !resumed.isEmpty {
                state.waiters.removeAll { waiter in resumed.contains { $0.number == waiter.number } }
            }
            return (result, resumed.map(\.continuation))
        }
        for continuation in resumed { continuation.resume() }
        return result
    }

    /// Waits until the condition holds, and returns what was recorded by then.
    /// - Throws: `CancellationError` when the task is canceled before.
    @discardableResult
    package func wait(until condition: @escaping @Sendable (Record) -> Bool) async throws -> Record {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let holds = state.withLock { state in
                    if condition(state.record) { return true }
                    state.waiters.append(Waiter(number: number, isOver: condition, continuation: continuation))
                    return false
                }
                // The handler below may have run before there was anybody to resume.
                if holds { continuation.resume() } else if Task.isCancelled { abandon(number) }
            }
        } onCancel: {
            abandon(number)
        }
        return record
    }

    private func abandon(_ number: Int) {
        let abandoned = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil as Waiter? }
            return state.waiters.remove(at: index)
        }
        abandoned?.continuation.resume(throwing: CancellationError())
    }
}
