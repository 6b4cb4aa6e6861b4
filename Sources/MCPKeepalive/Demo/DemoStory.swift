// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Locking
import LogText
import ScriptedBackend

/// The demo's running commentary: what the agent logs and what the server sees, with the time since the start.
final class DemoStory: LogSink {
    private struct State {
        var events: [String: Int] = [:]
        var waiters: [(event: String, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let start = ContinuousClock.now
    private let state = Locked(State())

    /// Tells what happens on the stage.
    func tell(_ text: String) {
        say("", text)
    }

    /// Tells what the server answered to a request.
    func tellCall(_ request: ScriptedRequest, _ answer: String) {
        let name = request.tool.map { "\(request.method) \($0)" } ?? request.method
        if name == "ping" || request.tool != nil { say("server", "\(name) -> \(answer)") }
    }

    /// Tells what the agent logs, and notes the event.
    func write(_ line: LogLine) {
        say("agent", line.level >= .warning ? "WARN \(line.message)" : line.message)
        guard let event = line.event else { return }
        let waiters = state.withLock { state in
            state.events[event, default: 0] += 1
            defer { state.waiters.removeAll { $0.event == event } }
            return state.waiters.filter { $0.event == event }
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Returns when the agent has logged the event, at once when it did before; throws when that takes too long.
    func wait(for event: Catalog.EventName, within limit: Duration) async throws {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            let waiters = state.withLock { state in
                defer { state.waiters.removeAll { $0.event == event.rawValue } }
                return state.waiters.filter { $0.event == event.rawValue }
            }
            for waiter in waiters { waiter.continuation.resume(throwing: Demo.Stuck(act: event.rawValue)) }
        }
        defer { watchdog.cancel() }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isOver = state.withLock { state in
                if state.events[event.rawValue] != nil { return true }
                state.waiters.append((event.rawValue, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func say(_ speaker: String, _ text: String) {
        let tenths = Int((ContinuousClock.now - start).fractionalTenths)
        let time = "\(tenths / 10).\(tenths % 10)s"
        let column = String(repeating: " ", count: max(0, 6 - time.count)) + time
        let name = speaker + String(repeating: " ", count: 6 - speaker.count)
        Terminal.say("\(column)  \(name)  \(text)")
    }
}

extension Duration {
    /// The duration in tenths of a second.
    fileprivate var fractionalTenths: Double {
        Double(components.seconds) * 10 + Double(components.attoseconds) / 1e17
    }
}
