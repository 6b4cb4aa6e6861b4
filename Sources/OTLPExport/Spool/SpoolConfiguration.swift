// SPDX-License-Identifier: Apache-2.0

/// A folder that keeps spans and log records which the collector does not take now.
public struct SpoolConfiguration: Sendable, Hashable {
    /// The folder, for one process at a time; made with mode 0700 when it is missing.
    public var directory: String
    /// How many bytes of the disk the files take at most; the oldest are dropped for new ones.
    public var maximumBytes = 64 << 20
    /// How old a batch may get before it is dropped.
    public var maximumAge: Duration = .seconds(86_400)
    /// How many bytes wait to be written at most; while there are more, records stay in the queue.
    var maximumPendingBytes = 8 << 20
    /// How long a folder that cannot be used is left alone.
    var pause: Duration = .seconds(30)
    /// How long a request may take before what depends on it is written: far longer than a collector that is well takes.
    var patience: Duration = .seconds(1)
    /// The least time between two additions to a draft: all that the end of the process loses of a batch being gathered.
    var draftSpacing: Duration = .milliseconds(20)
    /// The least time between two batches of a signal that are replayed.
    var replaySpacing = SpoolConfiguration.defaultReplaySpacing

    /// Five in a second, so that a collector that has just come back is not overrun.
    static let defaultReplaySpacing: Duration = .milliseconds(200)

    /// A spool of 64 MiB and a day.
    public init(directory: String) {
        self.directory = directory
    }
}
