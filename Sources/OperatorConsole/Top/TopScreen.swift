// SPDX-License-Identifier: Apache-2.0

package import ControlAPI

/// What `top` knows and where its user is; keys and answers change it, `lines` draws it.
package struct TopScreen: Sendable {
    /// Who is asked to confirm.
    enum Dialog: Sendable, Hashable {
        case none
        case help
        case confirmDisable(String)
    }

    private(set) var status: StatusView?
    private(set) var rates = AttemptRates()
    private(set) var order = TopOrder.trouble
    private(set) var dialog = Dialog.none
    /// What came of the last action.
    private(set) var message: Cell?
    /// Why the agent does not answer; what is shown then is old.
    private(set) var problem: String?
    /// What happened of late, the newest last; nil while nobody tells.
    private(set) var events: [AgentEvent]?
    /// The backend that keys act on, by name, for lines move.
    private(set) var selected: String?
    /// How many backends a page has; known once it was drawn.
    var page = 10
    /// The first backend that is shown.
    var top = 0

    package init() {}

    /// The backends as they are shown.
    package var backends: [BackendView] { order.sorted(status?.backends ?? [], rates) }

    // MARK: What happens

    /// Takes in an answer of the agent.
    package mutating func show(_ status: StatusView) {
        rates.note(status)
        self.status = status
        problem = nil
        let names = status.backends.map(\.name)
        if selected.map({ !names.contains($0) }) ?? true { selected = backends.first?.name }
        if case .confirmDisable(let name) = dialog, !names.contains(name) { dialog = .none }
    }

    /// The agent did not answer.
    package mutating func show(_ failure: ControlFailure) {
        problem = failure.message
    }

    /// What happened of late, in the place of what was known; nil: nobody tells.
    package mutating func show(changes: [AgentEvent]?) {
        events = changes
    }

    /// Something was done.
    package mutating func say(_ message: Cell) {
        self.message = message
    }

    /// Takes in a key; returns what is to be done.
    package mutating func press(_ key: TopKey) -> TopAction? {
        if key == .interrupt { return .quit }
        switch dialog {
        case .help:
            dialog = .none
            return key == .character("q") ? .quit : nil
        case .confirmDisable(let name):
            dialog = .none
            if key == .character("y") || key == .character("Y") {
                message = Cell("\(name): disabling …")
                return .disable(name)
            }
            message = Cell("\(name): left as it is")
            return nil
        case .none:
            message = nil
            return act(key)
        }
    }

    private mutating func act(_ key: TopKey) -> TopAction? {
        switch key {
        case .character("q"), .character("Q"): return .quit
        case .up, .character("k"): move(by: -1)
        case .down, .character("j"): move(by: 1)
        case .pageUp: move(by: -page)
        case .pageDown, .character(" "): move(by: page)
        case .first, .character("g"): move(by: -.max)
        case .last, .character("G"): move(by: .max)
        case .character("s"):
            order = order.next
            top = 0
        case .character("?"), .character("h"): dialog = .help
        case .character("p"):
            return selected.map { name in
                message = Cell("\(name): probing …")
                return .probe(name)
            }
        case .character("e"):
            return selected.map { name in
                message = Cell("\(name): enabling …")
                return .enable(name)
            }
        case .character("d"): if let selected { dialog = .confirmDisable(selected) }
        case .escape, .interrupt, .character: break
        }
        return nil
    }

    private mutating func move(by count: Int) {
        let names = backends.map(\.name)
        guard !names.isEmpty else { return }
        let current = selected.flatMap { names.firstIndex(of: $0) } ?? 0
        let (sum, overflow) = current.addingReportingOverflow(count)
        selected = names[overflow ? (count < 0 ? 0 : names.count - 1) : min(max(0, sum), names.count - 1)]
    }
}
