// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import OperatorConsole
import UnixSignals

/// `top` on a terminal: everything that happens goes through one stream, whose reader alone has the screen.
struct TopSession {
    private enum Input: Sendable {
        case status(StatusView)
        case failure(ControlFailure)
        case keys([TopKey])
        case noMoreKeys
        case said(Cell)
        case signal(UnixSignal)
    }

    /// Why it is over.
    private enum End {
        case quit
        case signal(UnixSignal)
    }

    let client: ControlClient
    let output: OperatorOutput
    let interval: Duration
    private let changes = RecentChanges()

    init(client: ControlClient, output: OperatorOutput, interval: Duration) {
        self.client = client
        self.output = output
        self.interval = interval
    }

    /// Ends the process when a signal says so, and returns when its user does.
    func run() async {
        // Before the terminal is taken: whoever has no agent wants to read why, and then type on.
        let first = await output.attempt { () async throws(ControlFailure) in try await client.answer(to: .status) }
        // Trapped before the terminal is changed, so that no signal leaves it like that.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch)
        guard let terminal = TerminalScreen.take() else {
            output.fail(ControlFailure(.mistaken, code: "no_terminal", "the settings of this terminal cannot be read"))
        }
        let (inputs, source) = AsyncStream.makeStream(of: Input.self)
        TerminalKeys.read { keys in source.yield(keys.map { .keys($0) } ?? .noMoreKeys) }
        let tasks = [
            Task { for await signal in signals { source.yield(.signal(signal)) } },
            Task { await poll(source) },
            Task { await follow() },
        ]
        let end = await show(first.value, inputs, source, terminal)
        terminal.restore()
        for task in tasks { task.cancel() }
        if case .signal(let signal) = end { Foundation.exit(128 + signal.rawValue) }
    }

    private func show(
        _ status: StatusView,
        _ inputs: AsyncStream<Input>,
        _ source: AsyncStream<Input>.Continuation,
        _ terminal: borrowing TerminalScreen
    ) async -> End {
        var screen = TopScreen()
        screen.show(status)
        screen.show(changes: [])
        draw(&screen, terminal)
        for await input in inputs {
            switch input {
            case .status(let status):
                screen.show(status)
                screen.show(changes: changes.events)
            case .failure(let failure): screen.show(failure)
            case .said(let text): screen.say(text)
            case .keys(let keys):
                for key in keys {
                    guard let action = screen.press(key) else { continue }
                    if action == .quit { return .quit }
                    perform(action, source)
                }
            // The terminal has gone.
            case .noMoreKeys: return .quit
            case .signal(.sigwinch): break
            case .signal(let signal): return .signal(signal)
            }
            draw(&screen, terminal)
        }
        return .quit
    }

    private func draw(_ screen: inout TopScreen, _ terminal: borrowing TerminalScreen) {
        let size = TerminalSize.current
        terminal.draw(screen.lines(width: size.columns, height: size.rows, output.palette))
    }

    /// Looks at the agent once per interval.
    private func poll(_ source: AsyncStream<Input>.Continuation) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: interval) } catch { return }
            await look(source)
        }
    }

    /// Takes in the agent's changes, for the next look to show them.
    private func follow() async {
        var lastEventID: String?
        changes.begin()
        while !Task.isCancelled {
            let end = await client.follow(RecentChanges.kinds, after: lastEventID) { [changes] received in
                if received.event.kind != .reset { changes.note(received.event) }
                return true
            }
            lastEventID = end.lastEventID
            if let failure = end.failure, !failure.mayPass { return changes.end() }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    private func look(_ source: AsyncStream<Input>.Continuation) async {
        do throws(ControlFailure) {
            source.yield(.status(try await client.answer(to: .status).value))
        } catch {
            source.yield(.failure(error))
        }
    }

    /// Does what a key asked for, and looks what became of it at once.
    private func perform(_ action: TopAction, _ source: AsyncStream<Input>.Continuation) {
        Task {
            do throws(ControlFailure) {
                source.yield(.said(try await outcome(of: action)))
            } catch {
                source.yield(.said(Cell(error.help.map { "\(error.message); \($0)" } ?? error.message, .bad)))
            }
            await look(source)
        }
    }

    private func outcome(of action: TopAction) async throws(ControlFailure) -> Cell {
        switch action {
        case .quit: return ""
        case .probe(let name):
            let report = try await client.answer(to: .probe(backend: name), within: .seconds(60)).value
            return ActionText.probed(report, now: Date())
        case .enable(let name):
            return ActionText.enabled(try await client.answer(to: .enable(backend: name)).value, now: Date())
        case .disable(let name):
            let view = try await client.answer(to: .disable(backend: name, seconds: nil)).value
            return ActionText.disabled(view, seconds: nil)
        }
    }
}
