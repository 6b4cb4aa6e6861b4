// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Lets so many events of one kind and backend through in a while, and counts the others: ten thousand sessions that are
/// taken over, or lost, at once are news once.
struct EventThrottle: Sendable {
    /// What there is a limit for.
    struct Key: Sendable, Hashable {
        let event: Catalog.EventName
        let backend: BackendIndex
    }

    /// Events that were not told.
    struct Summary: Sendable, Hashable {
        let key: Key
        let count: Int
        let within: Duration
    }

    private struct Window: Sendable {
        let start: Tick
        var told = 1
        var untold = 0
    }

    /// How many events are told one by one, and within what time.
    static let limit = 50
    static let length: Duration = .seconds(10)

    private var windows: [Key: Window] = [:]
    /// When `takeSummaries` has something to say next.
    private(set) var due = Tick.never

    /// Whether an event is told.
    mutating func admits(_ event: Catalog.EventName, of backend: BackendIndex, at now: Tick) -> Bool {
        let key = Key(event: event, backend: backend)
        guard var window = windows[key], now < window.start + Self.length || window.untold > 0 else {
            windows[key] = Window(start: now)
            return true
        }
        if window.told < Self.limit {
            window.told += 1
            windows[key] = window
            return true
        }
        window.untold += 1
        windows[key] = window
        due = min(due, window.start + Self.length)
        return false
    }

    /// Forgets the events of a backend.
    mutating func forget(_ backend: BackendIndex) {
        windows = windows.filter { $0.key.backend != backend }
    }

    /// The events that were not told in the time that is over, by backend.
    mutating func takeSummaries(at now: Tick, all: Bool = false) -> [Summary] {
        guard all || due <= now else { return [] }
        due = .never
        var summaries: [Summary] = []
        for (key, window) in windows where window.untold > 0 {
            guard all || window.start + Self.length <= now else {
                due = min(due, window.start + Self.length)
                continue
            }
            summaries.append(Summary(key: key, count: window.untold, within: now - window.start))
            windows[key] = nil
        }
        return summaries.sorted { ($0.key.backend, $0.key.event.rawValue) < ($1.key.backend, $1.key.event.rawValue) }
    }
}
