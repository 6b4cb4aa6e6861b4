// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration

/// What is different in another configuration; a value, so that it can be looked at before anything is done.
package struct ConfigurationChange: Sendable, Hashable {
    /// Backends that are new, in the order of the new file.
    package var added: [BackendConfiguration] = []
    /// Backends whose entry says something else, as they are to be.
    package var changed: [BackendConfiguration] = []
    /// Backends that are gone, in the order of the old file.
    package var removed: [BackendConfiguration] = []
    /// Whether attached sessions come from another file, or from one at all.
    package var isOtherSessionsFile = false
    /// Sections that are different and come into force with a restart only.
    package var restarts: [String] = []

    /// What takes a restart: it is bound to files, sockets and threads that were set up at the start.
    private static let fixed: [(section: String, isSame: @Sendable (Configuration, Configuration) -> Bool)] = [
        ("telemetry", { $0.telemetry == $1.telemetry }),
        ("api", { $0.api == $1.api }),
        ("state_dir", { $0.stateDirectory == $1.stateDirectory }),
    ]

    package init(from before: Configuration, to after: Configuration) {
        let known = Dictionary(uniqueKeysWithValues: before.backends.map { ($0.name, $0) })
        let names = Set(after.backends.map(\.name))
        for backend in after.backends {
            guard let old = known[backend.name] else {
                added.append(backend)
                continue
            }
            if !old.saysTheSame(as: backend) { changed.append(backend) }
        }
        removed = before.backends.filter { !names.contains($0.name) }
        isOtherSessionsFile = before.sessionsFile != after.sessionsFile
        restarts = Self.fixed.filter { !$0.isSame(before, after) }.map(\.section)
    }

    /// Whether both say the same.
    package var isEmpty: Bool { self == ConfigurationChange() }

    private init() {}

    /// The configuration that is in force once the change is made: what takes a restart is as it was.
    package static func result(of after: Configuration, over before: Configuration) -> Configuration {
        var result = after
        result.telemetry = before.telemetry
        result.api = before.api
        result.stateDirectory = before.stateDirectory
        return result
    }
}

extension BackendConfiguration {
    /// Whether both say the same, wherever they stand in their files.
    fileprivate func saysTheSame(as other: BackendConfiguration) -> Bool {
        var moved = other
        moved.position = position
        return self == moved
    }
}
