// SPDX-License-Identifier: Apache-2.0

import Locking

/// Lets one after the other through, in the order in which they came: what an actor does not do while it waits.
final class Turnstile: Sendable {
    private let last = Locked<Task<Void, Never>?>(nil)

    /// Runs `body` when all that came before is done.
    func callAsFunction<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        let task = last.withLock { last in
            let before = last
            let task = Task {
                await before?.value
                return await body()
            }
            last = Task { _ = await task.value }
            return task
        }
        return await task.value
    }
}
