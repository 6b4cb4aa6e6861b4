// SPDX-License-Identifier: Apache-2.0

/// What one process spent on its calls within one window.
struct Measurement {
    /// Calls that ended well.
    var calls: UInt64
    /// Processor time of the whole process, user and system, in microseconds.
    var processorTime: UInt64
    /// The length of the window in microseconds.
    var wallTime: UInt64
    /// Calls that did not end well; a measurement with any is not worth much.
    var failures: UInt64 = 0
    /// Spans that a collector accepted, and spans that were dropped, within the window.
    var exportedSpans: UInt64 = 0
    var droppedSpans: UInt64 = 0

    /// Processor time of one call in microseconds.
    var cost: Double { Double(processorTime) / Double(calls) }
    /// Calls per second of wall time.
    var rate: Double { Double(calls) * 1_000_000 / Double(wallTime) }
}

extension Measurement {
    /// One line for the process that compares.
    var line: String {
        "measured \(calls) \(processorTime) \(wallTime) \(failures) \(exportedSpans) \(droppedSpans)"
    }

    /// Reads what `line` wrote; nil when there is no such line.
    init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        let numbers = words.dropFirst().compactMap { UInt64($0) }
        guard words.first == "measured", numbers.count == 6 else { return nil }
        self.init(
            calls: numbers[0],
            processorTime: numbers[1],
            wallTime: numbers[2],
            failures: numbers[3],
            exportedSpans: numbers[4],
            droppedSpans: numbers[5]
        )
    }
}
