// SPDX-License-Identifier: Apache-2.0

/// The value of `keepalive_method`.
enum KeepaliveMethodSetting: Sendable, Hashable {
    case ping
    case tool(String)
    case none

    /// Parses `ping`, `none` or `tool:<name>`; nil when it is none of them, or no tool is named.
    init?(_ text: String) {
        switch text {
        case "ping": self = .ping
        case "none": self = .none
        default:
            guard text.utf8.starts(with: "tool:".utf8), text.utf8.count > 5 else { return nil }
            let name = String(Substring(text.utf8.dropFirst(5)))
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
            self = .tool(name)
        }
    }
}
