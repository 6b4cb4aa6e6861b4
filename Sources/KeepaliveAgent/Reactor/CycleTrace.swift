// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// What telemetry tells of one keepalive cycle: the part of a flight that outlives its call.
struct CycleTrace: Sendable {
    /// The INTERNAL span of the cycle.
    var root: SpanContext
    /// When the cycle started, in nanoseconds since 1970.
    var start: UInt64
    /// What became of its last call, once that ended.
    var record: CallRecord?
}
