// SPDX-License-Identifier: Apache-2.0

/// When the stages of one transfer were over, each counted from its start; zero for a stage that did not happen.
package struct Timings: Sendable, Hashable {
    /// The whole transfer.
    package var total: Duration
    /// The name was looked up.
    package var nameLookup: Duration
    /// The connection was there; zero when a kept one was used.
    package var connect: Duration
    /// The TLS handshake was over; zero without TLS or when a kept connection was used.
    package var tls: Duration
    /// The first byte of the answer was there.
    package var firstByte: Duration

    package init(
        total: Duration = .zero,
        nameLookup: Duration = .zero,
        connect: Duration = .zero,
        tls: Duration = .zero,
        firstByte: Duration = .zero
    ) {
        self.total = total
        self.nameLookup = nameLookup
        self.connect = connect
        self.tls = tls
        self.firstByte = firstByte
    }
}
