// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Turns session ids, which are credentials, into names that can be shown.
///
/// The name is a keyed hash, so that nobody can find the id by trying, and the same session has the same name on spans,
/// logs and screens for as long as the key lives.
package struct SessionHash: Sendable {
    private let key: SymmetricKey

    /// A random key: names change with every start of the agent.
    package init() {
        key = SymmetricKey(size: .bits256)
    }

    /// The first 8 bytes of HMAC-SHA256(key, identifier), in 16 hexadecimal digits.
    package func name(of identifier: [UInt8]) -> String {
        Self.name(of: code(of: identifier))
    }

    /// The same as a number, which takes less memory.
    func code(of identifier: [UInt8]) -> UInt64 {
        HMAC<SHA256>.authenticationCode(for: identifier, using: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The name that a number stands for.
    static func name(of code: UInt64) -> String {
        unsafe String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 { unsafe buffer[index] = digits[Int(code >> UInt64(60 - 4 * index) & 15)] }
            return 16
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
