// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A folder of a test's own, which goes away with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/mcp-keepalive-XXXXXX".utf8) + [0]
        let isMade = unsafe template.withUnsafeMutableBytes { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let text = text.baseAddress else { return false }
                return unsafe mkdtemp(text) != nil
            }
        }
        path = String(decoding: template.dropLast(), as: UTF8.self)
        try #require(isMade)
    }

    deinit {
        Self.remove(path)
    }

    /// The path of something in the folder.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file as tools do that want to be safe: beside the old one, then renamed.
    func replace(_ name: String, _ text: String, mode: mode_t = 0o600) throws {
        let temporary = self("\(name).new")
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let count = unsafe write(descriptor, bytes, bytes.count)
        try #require(count == bytes.count)
        let result = unsafe rename(temporary, self(name))
        try #require(result == 0)
    }

    func makeFolder(_ name: String) throws {
        let result = unsafe mkdir(self(name), 0o700)
        try #require(result == 0)
    }

    func remove(_ name: String) throws {
        let result = unsafe unlink(self(name))
        try #require(result == 0)
    }

    /// Makes a symbolic link, or points it to something else in one step.
    func link(_ name: String, to target: String) throws {
        let temporary = self("\(name).new")
        let (made, renamed) = unsafe (symlink(target, temporary), rename(temporary, self(name)))
        try #require(made == 0 && renamed == 0)
    }

    private static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                let child = "\(path)/\(name)"
                if unsafe unlink(child) != 0 { remove(child) }
            }
            unsafe closedir(folder)
        }
        unsafe rmdir(path)
    }
}
