// SPDX-License-Identifier: Apache-2.0

/// Paths as text.
package enum FileLocation {
    /// The path to `path` as written in `file`: an absolute one is kept, a relative one starts at the folder of `file`.
    package static func resolve(_ path: String, relativeTo file: String) -> String {
        guard path.utf8.first != 0x2F, let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
