// SPDX-License-Identifier: Apache-2.0

internal import Locking

/// A continuation that several may resume: the first one does.
final class FirstAnswer<Answer: Sendable>: Sendable {
    private let continuation: Locked<CheckedContinuation<Answer, Never>?>

    init(_ continuation: CheckedContinuation<Answer, Never>) {
        self.continuation = Locked(continuation)
    }

    func resume(returning answer: Answer) {
        continuation.withLock { $0.take() }?.resume(returning: answer)
    }
}
