// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The random numbers of the operating system, fetched 32 at a time: a system call for each would cost a keepalive, which
/// needs four, as much as all rules of the engine.
///
/// A copy goes on with the same numbers as the original once it was used, so one of the two has to be given up.
package struct EntropyBuffer: RandomNumberGenerator, Sendable {
    private var words = [UInt64](repeating: 0, count: EntropyBuffer.size)
    private var used = EntropyBuffer.size

    /// 256 bytes, the most that getentropy(3) gives at once.
    private static let size = 32

    package init() {}

    package mutating func next() -> UInt64 {
        if used == Self.size { refill() }
        defer { used += 1 }
        return words[used]
    }

    private mutating func refill() {
        let result = unsafe words.withUnsafeMutableBytes { unsafe getentropy($0.baseAddress, $0.count) }
        precondition(result == 0, "getentropy failed, which no Linux since 3.17 does")
        used = 0
    }
}
