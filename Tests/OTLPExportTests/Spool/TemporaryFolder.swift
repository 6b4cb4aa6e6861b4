// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of a test's own; removed with what is in it when the value is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/otlp-spool-XXXXXX\0".utf8CString.dropLast())
        guard unsafe mkdtemp(&template) != nil else { throw Failure.errno(errno) }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    enum Failure: Error {
        case errno(Int32)
    }

    /// The names of what is in a folder below it, in order.
    func names(_ folder: String = "spool") -> [String] {
        guard let directory = unsafe opendir("\(path)/\(folder)") else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let item = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The names of the batches in a spool.
    var batches: [String] { names().filter { $0.hasSuffix(".jsonl.gz") } }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        guard unsafe lstat("\(path)/\(name)", &status) == 0 else { return 0 }
        return status.st_mode & 0o777
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw Failure.errno(errno) }
        defer { close(file) }
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else { throw Failure.errno(errno) }
    }

    func read(_ name: String) throws -> [UInt8] {
        let file = unsafe open("\(path)/\(name)", O_RDONLY)
        guard file >= 0 else { throw Failure.errno(errno) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw Failure.errno(errno) }
        return Array(bytes.prefix(count))
    }

    deinit {
        for name in names() { unsafe unlink("\(path)/spool/\(name)") }
        unsafe rmdir("\(path)/spool")
        for name in names("") { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }
}
