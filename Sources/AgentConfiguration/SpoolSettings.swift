// SPDX-License-Identifier: Apache-2.0

/// `telemetry.spool`: a folder for spans and log records that the collector does not take now.
package struct SpoolSettings: Sendable, Hashable {
    /// `directory`: the folder, as it can be opened; made when it is missing.
    package var directory: String
    /// `max_size`: bytes on the disk at most, 1 MiB to 64 GiB.
    package var maximumBytes = 64 << 20
    /// `max_age`: how long a batch is kept, 1 min to 30 d.
    package var maximumAge: Duration = .seconds(86_400)

    package init(directory: String) {
        self.directory = directory
    }
}
