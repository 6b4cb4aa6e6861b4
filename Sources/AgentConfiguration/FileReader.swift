// SPDX-License-Identifier: Apache-2.0

/// Reads whole files; a value, so that tests need no file system.
package struct FileReader: Sendable {
    private let read: @Sendable (String, Int) -> Result<FileContents, FileError>

    /// A reader that is given a path and the largest size in bytes that it may return.
    package init(_ read: @escaping @Sendable (String, Int) -> Result<FileContents, FileError>) {
        self.read = read
    }

    /// Reads the file at `path`; more than `limit` bytes are an error.
    package func callAsFunction(_ path: String, limit: Int) -> Result<FileContents, FileError> {
        read(path, limit)
    }
}
