// SPDX-License-Identifier: Apache-2.0

/// What one process spent on its calls within one window.
struct Measurement: Encodable {
    /// Calls that ended well.
    var calls: UInt64
    /// Calls that did not; a measurement with any is worth nothing.
    var failures: UInt64 = 0
    /// Processor time of the whole process, user and system, in microseconds.
    var processorMicroseconds: UInt64
    /// The length of the window in microseconds.
    var wallMicroseconds: UInt64
    /// Spans that a collector accepted, and spans that were dropped, within the window.
    var exportedSpans: UInt64 = 0
    var droppedSpans: UInt64 = 0
}
