// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

extension BackendView {
    /// No keepalive reaches its sessions although somebody wants that: the breaker is open, or it was disabled by hand.
    package var isDisabled: Bool {
        switch state {
        case .disabled, .probing, .heldByOperator: true
        case .active, .paused, .off: false
        }
    }

    /// Its state; capitals for what needs somebody.
    var stateCell: Cell {
        switch state {
        case .active: Cell("active", consecutiveFailures > 0 ? .warning : .good)
        case .disabled: Cell("DISABLED", .bad)
        case .probing: Cell("PROBING", .bad)
        case .heldByOperator: Cell("HELD", .warning)
        case .paused: Cell("paused", .warning)
        case .off: Cell("off", .faint)
        }
    }

    /// What is sent or ends next, and when.
    package func nextText(_ now: Date) -> String? {
        guard let next else { return state == .probing ? "probing" : nil }
        let time = ShortTime.until(next, from: now)
        return switch state {
        case .active, .off: time
        case .disabled: "probe \(time)"
        case .probing: "probing"
        case .heldByOperator: "enabled \(time)"
        case .paused: "resumes \(time)"
        }
    }

    /// Why it is as it is, and what is odd about it; nil when all is well.
    var remark: String? {
        var words: [String] = []
        if state == .heldByOperator {
            words.append("by hand")
        } else if let reason, !(state == .off && reason == "none") {
            // That the configuration switches it off needs no words beside "off".
            words.append(consecutiveFailures > 1 ? "\(reason) ×\(consecutiveFailures)" : reason)
        } else if consecutiveFailures > 0 {
            words.append(consecutiveFailures == 1 ? "1 failure" : "\(consecutiveFailures) failures in a row")
        }
        if fallbackActive { words.append("ping fails") }
        if pausedSessions > 0 { words.append("\(pausedSessions) session\(pausedSessions == 1 ? "" : "s") paused") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Its failures by reason, the most frequent first.
    var failureText: String? {
        let counts = failures.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return counts.isEmpty ? nil : counts.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
    }

    /// Successes per attempt since the start, 0...1; nil without attempts.
    var successRatio: Double? {
        attempts == 0 ? nil : Double(successes) / Double(attempts)
    }

    // MARK: Cells that tables have in common

    var sessionsCell: Cell { state == .off && sessions == 0 ? .none : Cell("\(sessions)") }

    var latencyCell: Cell { latencyP95Milliseconds.map { Cell(ShortTime.latency($0)) } ?? .none }

    func nextCell(_ now: Date) -> Cell {
        nextText(now).map { Cell($0, isDisabled ? .warning : .plain) } ?? .none
    }

    func lastSuccessCell(_ now: Date) -> Cell {
        lastSuccess.map { Cell(ShortTime.since($0, to: now)) } ?? .none
    }

    var intervalCell: Cell { state == .off ? .none : Cell(ShortTime.span(intervalSeconds)) }
}
