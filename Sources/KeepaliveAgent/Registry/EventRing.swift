// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// The last events that can be resumed, numbered without gaps.
struct EventRing: Sendable {
    /// What a client has seen last.
    enum Position: Sendable, Hashable {
        case known(UInt64)
        /// It comes from another run of the agent, or is no id of ours.
        case unknown
    }

    private let capacity: Int
    private let epoch: String
    /// Of a ring buffer, in the order of its slots.
    private var events: [AgentEvent] = []
    /// The number of the last event; 0 before the first.
    private(set) var last: UInt64 = 0

    /// - Parameter epoch: tells this run of the agent from others.
    init(capacity: Int, epoch: String) {
        self.capacity = capacity
        self.epoch = epoch
    }

    /// The id of an event with this number.
    func identifier(of number: UInt64) -> String { "\(epoch)-\(number)" }

    /// Which event an id means.
    func position(of identifier: String) -> Position {
        let parts = identifier.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == epoch, let number = UInt64(parts[1]), number <= last else {
            return .unknown
        }
        return .known(number)
    }

    /// Keeps an event and gives it its id.
    mutating func append(_ event: AgentEvent) -> AgentEvent {
        last += 1
        var event = event
        event.id = identifier(of: last)
        if events.count < capacity {
            events.append(event)
        } else {
            events[Int((last - 1) % UInt64(capacity))] = event
        }
        return event
    }

    /// The events after that number, in order; nil when some of them are no longer there.
    func events(after number: UInt64) -> [AgentEvent]? {
        guard number < last else { return [] }
        guard last - number <= UInt64(events.count) else { return nil }
        return kept(number + 1...last)
    }

    /// The oldest events after that number that are still there, in order.
    /// - Parameter limit: how many at most, at least 1.
    func excerpt(after number: UInt64, limit: Int) -> EventExcerpt {
        let start = min(max(number, last - UInt64(events.count)), last)
        let end = min(last, start + UInt64(limit))
        return EventExcerpt(
            start: start,
            startIdentifier: identifier(of: start),
            missed: start - min(number, start),
            events: start < end ? kept(start + 1...end) : []
        )
    }

    private func kept(_ numbers: ClosedRange<UInt64>) -> [AgentEvent] {
        numbers.map { events[Int(($0 - 1) % UInt64(capacity))] }
    }
}
