// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation
import KeepaliveEngine
import Locking
import Synchronization

/// Tells whoever listens what happens to sessions and backends, by the names that its listeners know them by.
///
/// The reactor publishes in the middle of its turn, so nothing here waits; a listener that does not keep up is cut off and
/// can resume where it was.
package final class EventFeed: Sendable {
    private struct Listener {
        let kinds: Set<AgentEvent.Kind>
        let continuation: AsyncStream<AgentEvent>.Continuation
    }

    private struct State {
        var ring: EventRing
        var listeners: [UInt64: Listener] = [:]
        var keys: [SessionHandle: SessionKey] = [:]
        var isFinished = false
        var bell: (@Sendable () -> Void)?
    }

    private let state: Locked<State>
    private let keepaliveListeners = Atomic<Int>(0)
    private let lastListener = Atomic<UInt64>(0)

    /// How many events can be resumed.
    private static let capacity = 10_000
    /// How many events wait for a listener before it is cut off.
    private static let patience = 10_000

    package init(epoch: UInt64 = .random(in: .min ... .max), capacity: Int = EventFeed.capacity) {
        state = Locked(State(ring: EventRing(capacity: capacity, epoch: String(epoch, radix: 36))))
    }

    /// Whether somebody wants to know of single keepalives; asked for each of them.
    var wantsKeepalives: Bool { keepaliveListeners.load(ordering: .relaxed) > 0 }

    // MARK: Names

    /// From now on the session is called this.
    func name(_ handle: SessionHandle, _ key: SessionKey) {
        state.withLock { $0.keys[handle] = key }
    }

    /// The session is gone, and told of.
    func forget(_ handle: SessionHandle) {
        state.withLock { $0.keys[handle] = nil }
    }

    // MARK: Telling

    /// Tells of an event; `session` is the one that it is about, if it is about one.
    func publish(_ event: AgentEvent, session: SessionHandle? = nil) {
        let (slow, bell) = state.withLock { state in
            var event = event
            if let session { event.key = state.keys[session]?.key }
            if event.kind != .keepalive { event = state.ring.append(event) }
            var slow: [AsyncStream<AgentEvent>.Continuation] = []
            for (number, listener) in state.listeners where listener.kinds.contains(event.kind) {
                if case .enqueued = listener.continuation.yield(event) { continue }
                state.listeners[number] = nil
                slow.append(listener.continuation)
            }
            return (slow, event.kind == .keepalive ? nil : state.bell)
        }
        bell?()
        // Not under the lock, which their ends take. They come back with the id of the last event that they have seen.
        for continuation in slow { continuation.finish() }
    }

    /// Ends all streams for good.
    func finish() {
        let continuations = state.withLock { state in
            state.isFinished = true
            defer { state.listeners.removeAll() }
            return state.listeners.values.map(\.continuation)
        }
        for continuation in continuations { continuation.finish() }
    }

    // MARK: Listening

    /// Events of these kinds from now on; before them those after `lastEventID`, or `reset` where they are not known.
    package func subscribe(to kinds: Set<AgentEvent.Kind>, after lastEventID: String?) -> EventSubscription {
        let (stream, continuation) = AsyncStream.makeStream(
            of: AgentEvent.self,
            bufferingPolicy: .bufferingOldest(Self.patience)
        )
        let number = lastListener.add(1, ordering: .relaxed).newValue
        let wantsKeepalives = kinds.contains(.keepalive)
        if wantsKeepalives { keepaliveListeners.add(1, ordering: .relaxed) }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            if wantsKeepalives { keepaliveListeners.subtract(1, ordering: .relaxed) }
            state.withLock { $0.listeners[number] = nil }
        }
        let isFinished = state.withLock { state in
            guard !state.isFinished else { return true }
            if let lastEventID {
                for event in Self.missed(since: lastEventID, in: state.ring)
                where kinds.contains(event.kind) || event.kind == .reset {
                    continuation.yield(event)
                }
            }
            state.listeners[number] = Listener(kinds: kinds, continuation: continuation)
            return false
        }
        if isFinished { continuation.finish() }
        return EventSubscription(events: stream)
    }

    // MARK: Fetching

    /// From now on this is called for each event that can be resumed, on whatever thread it happens; it must not wait.
    func ring(_ bell: @escaping @Sendable () -> Void) {
        state.withLock { $0.bell = bell }
    }

    /// The number of the last event that can be resumed; 0 before the first.
    var lastNumber: UInt64 { state.withLock { $0.ring.last } }

    /// The oldest events after that number that can be resumed.
    func excerpt(after number: UInt64, limit: Int) -> EventExcerpt {
        state.withLock { $0.ring.excerpt(after: number, limit: limit) }
    }

    private static func missed(since identifier: String, in ring: EventRing) -> [AgentEvent] {
        if case .known(let number) = ring.position(of: identifier), let events = ring.events(after: number) {
            return events
        }
        return [AgentEvent(id: ring.identifier(of: ring.last), kind: .reset, time: Date())]
    }
}
