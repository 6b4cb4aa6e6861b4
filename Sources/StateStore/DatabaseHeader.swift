// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of an SQLite database tell without opening it, which could change it.
struct DatabaseHeader: Sendable, Hashable {
    /// The bytes that it takes.
    static let length = 100
    /// "MCPK": tells our databases from others.
    static let applicationID: UInt32 = 0x4D43_504B

    /// `PRAGMA user_version`: our schema, unless a newer one is in the write-ahead log.
    let schema: Int

    /// Reads them; nil when they are not those of a database that we made.
    ///
    /// SQLite file format 1.3: the magic text; the format versions for writing and reading, 1 or 2, in bytes 18 and 19; the
    /// user version in bytes 60 to 63; the application id in bytes 68 to 71; big-endian.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= DatabaseHeader.length, bytes.starts(with: Array("SQLite format 3\u{0}".utf8)) else {
            return nil
        }
        // SQLite never writes to a file with a larger version for writing: an agent would be stuck with it.
        guard (1...2).contains(bytes[18]), (1...2).contains(bytes[19]) else { return nil }
        func word(at offset: Int) -> UInt32 { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        guard word(at: 68) == DatabaseHeader.applicationID else { return nil }
        schema = Int(Int32(bitPattern: word(at: 60)))
        guard schema > 0 else { return nil }
    }
}
