// SPDX-License-Identifier: Apache-2.0

/// What one client may take up, so that none can keep others from being served.
package struct LocalAPILimits: Sendable, Hashable {
    /// The largest body of a request, in bytes; more is refused with 413.
    package var bodyBytes = 64 << 10
    /// The largest request line and headers together, in bytes without separators; more is refused with 431.
    package var headerBytes = 16 << 10
    /// How long a request may take to arrive, from its first byte to its last; longer is refused with 408.
    package var requestTime = Duration.seconds(5)
    /// How long a connection may wait for the next request, or an answer for its client to take it.
    package var idleTime = Duration.seconds(60)
    /// Connections per listener; more are refused with 503.
    package var connections = 64
    /// How often a stream of events says that it is still there.
    package var commentInterval = Duration.seconds(15)
    /// How long the client has to take the last answer before its connection is closed. Closing with unread input resets a
    /// connection, and with the reset the answer is lost.
    package var lingerTime = Duration.seconds(1)

    package init() {}
}
