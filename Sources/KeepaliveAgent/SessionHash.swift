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
        let code = HMAC<SHA256>.authenticationCode(for: identifier, using: key)
        var name = ""
        name.reserveCapacity(16)
        for byte in code.prefix(8) {
            name.append(Self.digits[Int(byte >> 4)])
            name.append(Self.digits[Int(byte & 15)])
        }
        return name
    }

    private static let digits = Array("0123456789abcdef")
}
