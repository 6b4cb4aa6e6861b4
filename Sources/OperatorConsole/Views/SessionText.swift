// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

/// What `sessions show` says of one session, a line per fact.
package enum SessionText {
    package static func lines(_ session: SessionView, now: Date, _ palette: Palette) -> [String] {
        var facts = [("backend", Cell(session.backend))]
        if let key = session.key { facts.append(("key", Cell(key))) }
        if let name = session.session { facts.append(("session", Cell(name))) }
        facts.append(("state", Cell(session.stateText, session.stateCell.tone)))
        facts.append(("source", Cell(session.sourceText)))
        if let version = session.protocolVersion { facts.append(("protocol", Cell(version))) }
        facts.append(("last used", Cell(ShortTime.since(session.lastActivity, to: now))))
        facts.append(("last ok", Cell(session.lastSuccess.map { ShortTime.since($0, to: now) } ?? "not yet")))
        let next = session.nextKeepalive.map { ShortTime.until($0, from: now) }
        facts.append(("next", Cell(next ?? "nothing is planned")))
        if let lease = session.leaseExpiresAt { facts.append(("lease", Cell(SessionTable.lease(lease, now)))) }
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { "\(palette.paint($0.padded(to: width), .faint))  \(palette.paint($1.text, $1.tone))" }
    }
}
