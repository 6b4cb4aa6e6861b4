// SPDX-License-Identifier: Apache-2.0

/// A version of MCP: a date. Text that is no known version is kept as it is.
package struct ProtocolVersion: RawRepresentable, Sendable, Hashable {
    /// The text on the wire.
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The versions with `initialize`, `ping` and sessions, oldest first.
    package static let legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"].map(Self.init(rawValue:))

    /// The newest version with `ping` and sessions: what `initialize` asks for.
    package static let latestLegacy = ProtocolVersion(rawValue: "2025-11-25")

    /// The first version without `initialize`, `ping` and sessions.
    package static let modern = ProtocolVersion(rawValue: "2026-07-28")

    /// The version is one that the agent can keep sessions of.
    package var isLegacy: Bool { Self.legacy.contains(self) }

    /// The version has neither `ping` nor sessions.
    package var isModern: Bool { isDate && rawValue >= Self.modern.rawValue }

    /// Requests after `initialize` must bear `MCP-Protocol-Version` (since 2025-06-18); older servers ignore it.
    package var needsHeader: Bool { !isDate || rawValue >= "2025-06-18" }

    /// The version as people and telemetry are told of it; nil when it is no date, for servers and gateways may write
    /// anything there, a secret by mistake or another text each time.
    package var told: String? { isDate ? rawValue : nil }

    /// The text can stand in a header, and is no longer than a version may be anywhere.
    package var isValidHeaderValue: Bool {
        !rawValue.isEmpty && rawValue.utf8.count <= 64 && rawValue.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// `YYYY-MM-DD`: such texts are ordered as the versions are.
    private var isDate: Bool {
        let bytes = rawValue.utf8
        return bytes.count == 10
            && bytes.enumerated().allSatisfy { position, byte in
                [4, 7].contains(position) ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte)
            }
    }
}
