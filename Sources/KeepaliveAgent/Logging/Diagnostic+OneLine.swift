// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration

extension Diagnostic {
    /// The problem in one line, for the log: `sessions.json:3:5: message (help)`.
    package var oneLine: String {
        var place = file
        if let line, let column { place += ":\(line):\(column)" }
        let path = keyPath.isEmpty ? "" : " [\(keyPath)]"
        return "\(place): \(message)\(path)" + (help.map { " (\($0))" } ?? "")
    }
}
