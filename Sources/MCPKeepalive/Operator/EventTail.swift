// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import OperatorConsole
import Synchronization

/// Follows the events of an agent over its restarts, and prints a line for each.
struct EventTail {
    let client: ControlClient
    let output: OperatorOutput
    /// Only what happens on this one.
    let backend: String?
    /// The names for which the lines have room.
    let backends: [String]

    private static let kinds: [AgentEvent.Kind] = [.keepalive, .lost, .disabled, .enabled, .released]

    /// Returns when nobody reads any more.
    func run() async {
        var lastEventID: String?
        while true {
            let printer = Printer(tail: self)
            let end = await client.follow(Self.kinds, after: lastEventID) { printer.print($0) }
            lastEventID = end.lastEventID
            if printer.hasNoReader { return }
            if let failure = end.failure, !failure.mayPass { output.fail(failure) }
            note("the agent ended the stream\(end.failure.map { " (\($0.message))" } ?? ""): waiting for it")
            await untilBack()
            note("the agent is back")
        }
    }

    /// Asks the agent again and again, less and less often, until it answers.
    private func untilBack() async {
        var delay = Duration.milliseconds(250)
        while true {
            try? await Task.sleep(for: delay)
            do throws(ControlFailure) {
                _ = try await client.answer(to: .backends)
                return
            } catch {
                if !error.mayPass { output.fail(error) }
            }
            delay = min(delay * 2, .seconds(5))
        }
    }

    /// Talk is for people; a program sees the events and, in them, a `reset` where some may be missing.
    private func note(_ text: String) {
        if !output.isJSON { Terminal.talk("-- \(text)") }
    }

    /// Prints the events of one stream, on the thread of the transfer.
    private final class Printer: Sendable {
        private let tail: EventTail
        private let isAlone = Atomic(false)

        init(tail: EventTail) {
            self.tail = tail
        }

        /// The reader of stdout has gone.
        var hasNoReader: Bool { isAlone.load(ordering: .relaxed) }

        func print(_ received: StreamedEvent) -> Bool {
            let event = received.event
            if let wanted = tail.backend, let backend = event.backend, backend != wanted { return true }
            let line =
                tail.output.isJSON
                ? received.json
                // The terminal may have another size by now.
                : EventLine(backends: tail.backends, width: tail.output.width, tail.output.palette).text(event)
            if Terminal.say(line) { return true }
            isAlone.store(true, ordering: .relaxed)
            return false
        }
    }
}
