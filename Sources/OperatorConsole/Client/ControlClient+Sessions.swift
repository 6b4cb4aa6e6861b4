// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation

extension ControlClient {
    /// All pages of the list of sessions, as one.
    ///
    /// - Parameter backend: only those of this backend.
    package func allSessions(backend: String?) async throws(ControlFailure) -> ControlAnswer<SessionPage> {
        var all = SessionPage(sessions: [])
        var query = SessionQuery(backend: backend)
        while true {
            let page = try await answer(to: .sessions(query)).value
            all.sessions += page.sessions
            // An agent that gives the same page twice would be asked forever.
            guard let next = page.next, next != query.after else { break }
            query.after = next
        }
        do {
            return ControlAnswer(value: all, json: String(decoding: try ControlJSON.encode(all), as: UTF8.self))
        } catch {
            throw ControlFailure(.notTheAgent, code: "not_the_agent", "the list of sessions cannot be written as JSON")
        }
    }
}
