// SPDX-License-Identifier: Apache-2.0

/// A key that `top` knows.
package enum TopKey: Sendable, Hashable {
    case up
    case down
    case pageUp
    case pageDown
    case first
    case last
    case escape
    case character(Character)
    /// Ctrl-C; a terminal in raw mode sends no signal for it.
    case interrupt

    /// The keys that the bytes of one read stand for; sequences that nobody knows are none.
    package static func keys(in bytes: [UInt8]) -> [TopKey] {
        var keys: [TopKey] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x03: keys.append(.interrupt)
            case 0x1B: keys += sequence(&rest)
            case 0x20...0x7E: keys.append(.character(Character(Unicode.Scalar(byte))))
            default: break
            }
        }
        return keys
    }

    /// What follows an escape: ECMA-48 section 5.4, and the cursor keys in application mode.
    private static func sequence(_ rest: inout ArraySlice<UInt8>) -> [TopKey] {
        guard let introducer = rest.first, introducer == 0x5B || introducer == 0x4F else { return [.escape] }
        rest.removeFirst()
        var parameters: [UInt8] = []
        while let byte = rest.popFirst() {
            guard (0x40...0x7E).contains(byte) else {
                parameters.append(byte)
                continue
            }
            switch (byte, String(decoding: parameters, as: UTF8.self)) {
            case (0x41, ""): return [.up]
            case (0x42, ""): return [.down]
            case (0x48, ""), (0x7E, "1"), (0x7E, "7"): return [.first]
            case (0x46, ""), (0x7E, "4"), (0x7E, "8"): return [.last]
            case (0x7E, "5"): return [.pageUp]
            case (0x7E, "6"): return [.pageDown]
            default: return []
            }
        }
        return []
    }
}
