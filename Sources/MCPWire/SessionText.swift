// SPDX-License-Identifier: Apache-2.0

/// What the words of an error say of the session; most servers tell an expired session by words only.
package enum SessionText: Sendable, Hashable {
    /// The session is gone.
    case lost
    /// The error is about sessions, but not the loss of this one: a header is missing, there are too many sessions.
    case otherSessionError
    /// Nothing.
    case silent

    /// Reads the first 512 bytes of an error message or body, without regard to case.
    package init(of text: some Sequence<UInt8>) {
        let lowered = text.prefix(UnusableText.limit).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let words = lowered.span
        func has(_ phrases: [StaticString]) -> Bool { phrases.contains { words.contains($0) } }

        if has(Self.disclaimers) {
            self = .otherSessionError
        } else if has(["server not initialized"]) || (has(["session"]) && has(Self.losses)) {
            self = .lost
        } else {
            self = .silent
        }
    }

    /// Words that say that the session itself may be well, or that it never was asked for.
    private static let disclaimers: [StaticString] = [
        "missing", "required", "mismatch", "not match", "too many", "per session", "session type",
    ]

    /// Words that, next to `session`, say that it is gone.
    private static let losses: [StaticString] = [
        "not found", "not find", "unknown", "expired", "invalid", "terminated", "no valid", "not exist", "no longer",
    ]
}
