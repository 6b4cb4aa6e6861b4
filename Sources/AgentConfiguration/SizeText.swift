// SPDX-License-Identifier: Apache-2.0

/// Sizes as people write them: `512KiB`, `64MiB`, `2GiB`.
package enum SizeText {
    /// Why a text is not a size.
    package enum Problem: Error, Hashable {
        /// Not a whole number with a unit.
        case malformed
        /// A number without a unit.
        case noUnit
        /// A unit that there is not; with the one that was probably meant.
        case unknownUnit(String, meant: String?)
        case tooLarge
    }

    private static let units: [(name: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    /// Parses a whole number with a unit; the result is in bytes.
    package static func parse(_ text: String) throws(Problem) -> Int {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { throw .malformed }
        let unit = String(text.dropFirst(digits.count))
        guard !unit.isEmpty else { throw .noUnit }
        guard let size = units.first(where: { $0.name == unit }) else {
            let meant = units.first { $0.name.prefix(1).lowercased() == unit.prefix(1).lowercased() }
            throw meant == nil && !unit.allSatisfy(\.isLetter) ? .malformed : .unknownUnit(unit, meant: meant?.name)
        }
        guard digits.count <= 15, let number = Int(String(decoding: digits, as: UTF8.self)) else { throw .tooLarge }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: size.bytes)
        guard !overflow else { throw .tooLarge }
        return bytes
    }

    /// The shortest text without a loss for whole KiB.
    package static func format(_ bytes: Int) -> String {
        let unit = units.first { bytes >= $0.bytes && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes) bytes"
    }
}
