// SPDX-License-Identifier: Apache-2.0

/// How a span relates to others; the raw values are those of OTLP.
public enum SpanKind: UInt8, Sendable, Hashable {
    /// Within one process.
    case `internal` = 1
    /// Answers a remote request.
    case server = 2
    /// Makes a remote request.
    case client = 3
    /// Hands over a message.
    case producer = 4
    /// Takes over a message.
    case consumer = 5
}
