// SPDX-License-Identifier: Apache-2.0

/// Why a file could not be read.
package enum FileError: Error, Sendable, Hashable {
    /// There is no such file (`ENOENT`, `ENOTDIR`).
    case missing
    /// It is a directory, a device or the like.
    case notRegular
    /// It has more than `limit` bytes.
    case tooLarge(limit: Int)
    /// The system says why, in its words.
    case system(String)

    /// The reason in one clause without a final period.
    package var message: String {
        switch self {
        case .missing: "there is no such file"
        case .notRegular: "it is not a regular file"
        case .tooLarge(let limit): "it is larger than \(limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB")"
        case .system(let reason): reason
        }
    }
}
