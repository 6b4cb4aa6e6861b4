// SPDX-License-Identifier: Apache-2.0

package import Glibc

/// A folder of a test's own, which goes away with it.
package final class TemporaryFolder: Sendable {
    /// A call of the operating system that failed.
    package struct Failure: Error {
        package let call: String
        package let number: Int32

        init(_ call: String) {
            self.call = call
            number = errno
        }
    }

    /// Where it is.
    package let path: String

    /// Makes an empty folder that nobody else can read.
    package init() throws(Failure) {
        var template = Array("/tmp/mcp-keepalive-".utf8) + [UInt8](repeating: UInt8(ascii: "X"), count: 6) + [0]
        let isMade = unsafe template.withUnsafeMutableBytes { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let text = text.baseAddress else { return false }
                return unsafe mkdtemp(text) != nil
            }
        }
        guard isMade else { throw Failure("mkdtemp") }
        path = String(decoding: template.dropLast(), as: UTF8.self)
    }

    deinit {
        Self.remove(path)
    }

    /// The path of something in the folder.
    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    // MARK: Files

    /// Writes a file.
    package func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws(Failure) {
        let descriptor = unsafe open(self(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
        guard descriptor >= 0 else { throw Failure("open") }
        defer { close(descriptor) }
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure("write") }
    }

    /// Writes a file as tools do that want to be safe: beside the old one, then renamed.
    package func replace(_ name: String, _ text: String, mode: mode_t = 0o600) throws(Failure) {
        try write(Array(text.utf8), to: "\(name).new", mode: mode)
        guard unsafe rename(self("\(name).new"), self(name)) == 0 else { throw Failure("rename") }
    }

    /// The bytes of a file, of which there may be 1 MiB.
    package func read(_ name: String) throws(Failure) -> [UInt8] {
        let descriptor = unsafe open(self(name), O_RDONLY)
        guard descriptor >= 0 else { throw Failure("open") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw Failure("read") }
        return Array(bytes.prefix(count))
    }

    /// The text of a file.
    package func text(_ name: String) throws(Failure) -> String { String(decoding: try read(name), as: UTF8.self) }

    /// Removes a file.
    package func remove(_ name: String) throws(Failure) {
        guard unsafe unlink(self(name)) == 0 else { throw Failure("unlink") }
    }

    /// Makes a symbolic link, or points it to something else in one step.
    package func link(_ name: String, to target: String) throws(Failure) {
        guard unsafe symlink(target, self("\(name).new")) == 0 else { throw Failure("symlink") }
        guard unsafe rename(self("\(name).new"), self(name)) == 0 else { throw Failure("rename") }
    }

    /// The permissions of something in the folder; 0 when it is not there.
    package func mode(_ name: String) -> mode_t {
        var status = stat()
        return unsafe lstat(self(name), &status) == 0 ? status.st_mode & 0o777 : 0
    }

    // MARK: Folders

    /// Makes a folder in it.
    package func makeFolder(_ name: String) throws(Failure) {
        guard unsafe mkdir(self(name), 0o700) == 0 else { throw Failure("mkdir") }
    }

    /// The names of what is in a folder below it, in order; none when there is no such folder.
    package func names(in name: String = "") -> [String] { Self.names(at: self(name)).sorted() }

    private static func names(at path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ path: String) {
        for name in names(at: path) {
            let child = "\(path)/\(name)"
            if unsafe unlink(child) != 0 { remove(child) }
        }
        unsafe rmdir(path)
    }
}
