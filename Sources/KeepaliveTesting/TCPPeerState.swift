// SPDX-License-Identifier: Apache-2.0

/// What a peer has seen, and who waits for it to see more.
struct TCPPeerState: ~Copyable {
    /// Whether what is waited for has happened.
    typealias Condition = @Sendable (borrowing TCPPeerState) -> Bool

    var threads = 0
    var connectionCount = 0
    var disconnectionCount = 0
    var requests: [TCPPeerRequest] = []

    private var waiters: [(id: Int, isOver: Condition, continuation: CheckedContinuation<Void, Never>)] = []
    private var canceled: Set<Int> = []
    private var lastWaiterID = 0

    /// Changes something, then resumes those whose condition holds.
    mutating func change(_ body: (inout TCPPeerState) -> Void) {
        body(&self)
        if waiters.isEmpty { return }
        let waiting = waiters
        waiters = []
        for waiter in waiting {
            if waiter.isOver(self) { waiter.continuation.resume() } else { waiters.append(waiter) }
        }
    }

    mutating func nextWaiterID() -> Int {
        lastWaiterID += 1
        return lastWaiterID
    }

    mutating func wait(
        _ id: Int,
        until condition: @escaping Condition,
        _ continuation: CheckedContinuation<Void, Never>
    ) {
        if canceled.contains(id) || condition(self) {
            continuation.resume()
        } else {
            waiters.append((id, condition, continuation))
        }
    }

    /// Lets a waiter go although nothing has happened.
    mutating func cancel(_ id: Int) {
        canceled.insert(id)
        for waiter in waiters where waiter.id == id { waiter.continuation.resume() }
        waiters.removeAll { $0.id == id }
    }
}
