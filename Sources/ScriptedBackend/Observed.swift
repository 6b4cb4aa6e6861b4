// SPDX-License-Identifier: Apache-2.0

private import Synchronization

/// State behind a lock that others can wait on: whoever changes it wakes those whose condition has come true.
final class Observed<State: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Content {
        var state: State
        var waiters: [Int: Waiter] = [:]
        var nextTicket = 0
    }

    private let content: Mutex<Content>

    init(_ state: State) {
        content = Mutex(Content(state: state))
    }

    /// A copy of the state as it is now.
    var value: State { content.withLock { $0.state } }

    /// Changes the state, then wakes whom the change satisfies.
    func update<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, woken) = content.withLock { content in
            let result = change(&content.state)
            let satisfied = content.waiters.filter { $0.value.condition(content.state) }
            for ticket in satisfied.keys { content.waiters[ticket] = nil }
            return (result, satisfied.values.map(\.continuation))
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Returns once the condition holds, at once where it does already; throws `CancellationError` when the task is
    /// canceled before.
    func wait(until condition: @escaping @Sendable (State) -> Bool) async throws {
        let ticket = content.withLock { content in
            content.nextTicket += 1
            return content.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let holds = content.withLock { content in
                    guard !condition(content.state) else { return true }
                    content.waiters[ticket] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if holds {
                    continuation.resume()
                } else if Task.isCancelled {
                    // The handler below may have run before there was a waiter to remove.
                    abandon(ticket)
                }
            }
        } onCancel: {
            abandon(ticket)
        }
    }

    private func abandon(_ ticket: Int) {
        content.withLock { $0.waiters.removeValue(forKey: ticket)?.continuation }?.resume(throwing: CancellationError())
    }
}
