// SPDX-License-Identifier: Apache-2.0

import Locking

/// A task that waits for the whole response to its request, on whatever executor it waits.
final class TransferWaiter: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Result<Response, TransferError>, Never>)
        case resolved(Result<Response, TransferError>)
    }

    /// Which request of the control plane it is.
    let id: UInt64
    /// `Request.isComplete`.
    let isComplete: (@Sendable (borrowing PartialResponse, Span<UInt8>) -> Bool)?

    private let state = Locked(State.pending)

    init(id: UInt64, isComplete: (@Sendable (borrowing PartialResponse, Span<UInt8>) -> Bool)?) {
        self.id = id
        self.isComplete = isComplete
    }

    /// Says how the request ended; to be called once.
    func resolve(_ result: Result<Response, TransferError>) {
        let continuation = state.withLock { state -> CheckedContinuation<Result<Response, TransferError>, Never>? in
            defer { state = .resolved(result) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: result)
    }

    /// Waits until the request has ended; to be called once.
    func result() async -> Result<Response, TransferError> {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Result<Response, TransferError>? in
                if case .resolved(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
