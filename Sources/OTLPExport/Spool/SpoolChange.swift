// SPDX-License-Identifier: Apache-2.0

/// A change in how the spool is going; told once per change.
public enum SpoolChange: Sendable, Hashable, CustomStringConvertible {
    /// The folder cannot be used, or not for another reason than before; exports go on without it.
    case failing(details: String)
    /// It can be used again.
    case recovered
    /// A file was damaged and is called `*.corrupt` now; further ones are not told before a good one was read.
    case setAside(file: String)
    /// The oldest batches began to be dropped.
    case dropping(SpoolDropReason)

    /// A line for people, to which the folder belongs.
    public var description: String {
        switch self {
        case .failing(let details): "cannot be used, exports go on without it: \(details)"
        case .recovered: "works again"
        case .setAside(let file): "had a damaged file, which is called \(file) now"
        case .dropping(.age): "drops batches that have become too old"
        case .dropping: "is full: the oldest batches are dropped"
        }
    }
}
