// SPDX-License-Identifier: Apache-2.0

/// Hands out request ids, none of them twice.
package struct RequestIDSource: Sendable {
    private let prefix: UInt64
    private var counter: UInt64 = 0

    package init(prefix: UInt64) {
        self.prefix = prefix
    }

    /// Draws the prefix.
    package init(using random: inout some RandomNumberGenerator) {
        self.init(prefix: random.next())
    }

    /// The next id; the first counts 0.
    package mutating func next() -> RequestID {
        defer { counter += 1 }
        return RequestID(prefix: prefix, counter: counter)
    }
}
