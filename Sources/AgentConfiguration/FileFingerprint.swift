// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// What tells one state of a file from another without reading it.
///
/// The resolved path is part of it because Kubernetes replaces a mounted file by swapping a symbolic link (`..data`)
/// among its parent folders; a notification for the file itself misses that, and inode and times can stay as they were.
package struct FileFingerprint: Sendable, Hashable {
    /// The path with all symbolic links resolved.
    package var resolvedPath: String
    package var device: UInt64
    package var inode: UInt64
    /// In bytes.
    package var size: Int64
    /// In nanoseconds since 1970; changes when the contents are written.
    package var modified: Int64
    /// In nanoseconds since 1970; changes also with permissions, and cannot be set back by a copying tool.
    package var changed: Int64

    package init(
        resolvedPath: String,
        device: UInt64,
        inode: UInt64,
        size: Int64,
        modified: Int64,
        changed: Int64
    ) {
        self.resolvedPath = resolvedPath
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Takes the fingerprint of the file at `path`; nil when there is none, or it cannot be looked at.
    package init?(ofFileAt path: String) {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        var status = stat()
        guard unsafe stat(resolved, &status) == 0 else { return nil }
        unsafe resolvedPath = String(cString: resolved)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }
}
