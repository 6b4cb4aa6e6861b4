// SPDX-License-Identifier: Apache-2.0

/// A batch that came out of the spool, to be sent again.
struct SpooledBatch: Sendable, Hashable {
    let id: UInt64
    let records: Int
    let content: SpoolFile.Content
}
