// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Why the folder of the spool cannot be used.
struct SpoolError: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A system call that failed.
    init(_ action: String, code: Int32) {
        // A copy of a static text.
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        description = "\(action): \(text)"
    }
}
