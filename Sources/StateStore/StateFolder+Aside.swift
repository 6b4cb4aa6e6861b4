// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension StateFolder {
    /// How many damaged databases are kept for whoever wants to look at them.
    static let keptAside = 3
    private static var asidePrefix: String { "\(databaseName).corrupt-" }
    /// The files beside the database. They go first: the next database must not find the log of another one.
    private static let companions = ["-wal", "-shm", "-journal"]

    /// Gives a damaged database another name, `state.sqlite.corrupt-<time>`, and returns it; the oldest of more than
    /// `keptAside` are deleted. Time is in milliseconds since 1970.
    borrowing func setAside(at now: Int64) throws(StoreFault) -> String {
        let taken = Set(asides())
        // Newer than all others, also when the clock was set back: it is the last one to be deleted.
        let time = max(0, now, (taken.max() ?? -1) + 1)
        let name = "\(StateFolder.asidePrefix)\(time)"
        for suffix in StateFolder.companions + [""] {
            guard unsafe rename(database + suffix, "\(path)/\(name)\(suffix)") != 0, errno != ENOENT else { continue }
            throw StateFolder.fault("it is damaged and cannot be renamed", errno)
        }
        for old in taken.union([time]).sorted().dropLast(StateFolder.keptAside) {
            for suffix in StateFolder.companions + [""] {
                // One that stays is tried again the next time.
                unsafe unlink("\(path)/\(StateFolder.asidePrefix)\(old)\(suffix)")
            }
        }
        return name
    }

    /// The times of all that was set aside.
    private borrowing func asides() -> [Int64] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var times: [Int64] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(StateFolder.asidePrefix) else { continue }
            if let time = Int64(name.dropFirst(StateFolder.asidePrefix.count).prefix { $0.isNumber }) {
                times.append(time)
            }
        }
        return times
    }
}
