// SPDX-License-Identifier: Apache-2.0

import LogText

/// A change in how a webhook is doing; told once per change, never once per POST.
enum WebhookChange: Sendable, Hashable {
    /// The receiver cannot be reached or has no time; events wait.
    case failing(problem: String)
    /// The receiver refuses events; they are dropped.
    case refusing(problem: String)
    /// It takes events again; so many were dropped meanwhile.
    case recovered(dropped: UInt64)
    /// The agent stops, and so many events were not taken.
    case abandoned(UInt64)

    /// How urgently it is told.
    var level: LogLevel {
        if case .recovered(dropped: 0) = self { .info } else { .warning }
    }

    /// What happened and what to do about it, in words.
    /// - Parameter receiver: the webhook's URL without what may be secret.
    func text(of receiver: String) -> String {
        switch self {
        case .failing(let problem):
            "webhook: \(receiver) does not take events: \(problem); they wait and are sent again; "
                + "see that the receiver runs and answers 2xx within 10 s"
        case .refusing(let problem):
            "webhook: \(receiver) refuses events: \(problem); they are dropped; check api.webhook.url and its headers"
        case .recovered(let dropped):
            "webhook: \(receiver) takes events again"
                + (dropped > 0 ? "; \(Self.events(dropped)) dropped meanwhile" : "")
        case .abandoned(let count): "webhook: \(Self.events(count)) not taken by \(receiver) before the stop"
        }
    }

    private static func events(_ count: UInt64) -> String { count == 1 ? "1 event was" : "\(count) events were" }
}
