// SPDX-License-Identifier: Apache-2.0

/// What a file held when it was read. Prints without its bytes: they may be a secret.
package struct FileContents: Sendable, Hashable, Redacted {
    package var bytes: [UInt8]
    /// The permission bits, as in `chmod`.
    package var mode: UInt32

    package init(bytes: [UInt8], mode: UInt32 = 0o600) {
        self.bytes = bytes
        self.mode = mode
    }

    /// Whether the group or others have any permission on the file.
    package var isReadableByOthers: Bool { mode & 0o077 != 0 }
}
