// SPDX-License-Identifier: Apache-2.0

/// Marks the code that runs because an export tells how it is going.
///
/// What an ``ExportObserver`` logs about a failing export must not be exported itself: each failure would make another
/// record that fails. The log handler and the tracer of `TelemetryBridges` leave out what is recorded meanwhile; tasks that
/// the observer starts are included.
public enum ExportReport {
    /// Whether this code was called, or its task started, by an export's observer.
    @TaskLocal public static var isUnderWay = false
}
