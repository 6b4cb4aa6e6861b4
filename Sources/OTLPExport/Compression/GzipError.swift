// SPDX-License-Identifier: Apache-2.0

/// Why bytes could not be compressed or inflated.
public enum GzipError: Error, Sendable, Hashable, CustomStringConvertible {
    /// zlib could not get its memory.
    case outOfMemory
    /// The bytes are not gzip, are cut short, or their checksum is wrong.
    case damaged
    /// Inflated, they are larger than was allowed.
    case limitExceeded

    /// What happened, in words.
    public var description: String {
        switch self {
        case .outOfMemory: "there is not enough memory for compression"
        case .damaged: "the bytes are not valid gzip"
        case .limitExceeded: "the inflated bytes exceed the limit"
        }
    }
}
