// SPDX-License-Identifier: Apache-2.0

/// Why records of the spool are lost; the raw values are values of the attribute `reason`.
public enum SpoolDropReason: String, Sendable, Hashable, CaseIterable {
    /// The spool was full, and they were the oldest; or they are more than it may hold.
    case size
    /// They had become too old.
    case age
    /// Their file was damaged, gone or not readable; a damaged one is set aside.
    case corrupt
    /// They could not be written.
    case writeFailed = "write_failed"
    /// The collector refused them for good when they were replayed.
    case refused
}
