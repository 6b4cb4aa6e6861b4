// SPDX-License-Identifier: Apache-2.0

/// How much the store may take and how often it tries.
package struct StoreLimits: Sendable, Hashable {
    /// How large the database may become, in bytes; its write-ahead log comes on top of it.
    package var maximumBytes: Int64
    /// How long changes are not tried on a disk that failed, in milliseconds.
    package var retryMilliseconds: Int64

    /// 256 MiB and 5 s unless told otherwise.
    package init(maximumBytes: Int64 = 256 << 20, retryMilliseconds: Int64 = 5000) {
        self.maximumBytes = maximumBytes
        self.retryMilliseconds = retryMilliseconds
    }
}
