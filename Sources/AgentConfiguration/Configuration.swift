// SPDX-License-Identifier: Apache-2.0

/// The whole configuration file, checked and with all substitutions made.
package struct Configuration: Sendable, Hashable {
    /// The file that it was read from; relative paths in it are relative to this one.
    package var file: String
    /// `telemetry`: where telemetry goes and how.
    package var telemetry = TelemetryConfiguration()
    /// `sessions_file`: the list of attached sessions, resolved to a path that can be opened; none by default.
    package var sessionsFile: String?
    /// `api`: where the agent tells its state, and where it takes orders.
    package var api = APIConfiguration()
    /// `state_dir`: the folder for what outlives a restart, resolved to a path that can be opened; by default there is
    /// none, and everything is in memory only.
    package var stateDirectory: String?
    /// `backends`, in the order of the file, with `defaults` merged in; names are unique.
    package var backends: [BackendConfiguration] = []

    package init(file: String) {
        self.file = file
    }
}
