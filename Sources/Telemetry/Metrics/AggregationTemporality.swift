// SPDX-License-Identifier: Apache-2.0

/// What the points of a sum or a histogram cover; the raw values are those of OTLP.
public enum AggregationTemporality: UInt8, Sendable, Hashable {
    /// What was recorded since the last collection.
    case delta = 1
    /// What was recorded since `startTimeUnixNano`.
    case cumulative = 2
}
