// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import ControlAPI
import KeepaliveEngine
import Telemetry

extension Agent {
    /// What a configuration would change.
    package func change(to configuration: Configuration) -> ConfigurationChange {
        ConfigurationChange(from: configurationInForce, to: configuration)
    }

    /// Goes over to another configuration, which was checked and whose limits hold on this machine. Sessions and breakers of
    /// backends that it does not change notice nothing; what takes a restart stays as it is and is warned about.
    ///
    /// - Throws: `configuration_invalid` when a backend cannot be set up, `shutting_down`; nothing is changed then.
    package func reload(_ configuration: Configuration) async throws(ControlProblem) -> ReloadReport {
        try await turnstile { await self.apply(configuration) }.get()
    }

    private func apply(_ configuration: Configuration) async -> Result<ReloadReport, ControlProblem> {
        let before = configurationInForce
        let change = ConfigurationChange(from: before, to: configuration)
        let outcome: ReloadOutcome
        do throws(BackendProblem) {
            guard let applied = try await reactor.apply(change) else {
                return .failure(ControlProblem(.shuttingDown, "the agent is stopping"))
            }
            outcome = applied
        } catch {
            return .failure(ControlProblem(.configurationInvalid, error.description))
        }
        await source.adopt(
            path: configuration.sessionsFile,
            backends: outcome.indices,
            without: outcome.released
        )
        configurationInForce = ConfigurationChange.result(of: configuration, over: before)
        return .success(
            ReloadReport(
                added: change.added.map(\.name),
                changed: change.changed.map(\.name),
                removed: change.removed.map(\.name),
                untouchedSessions: outcome.untouchedSessions,
                warnings: change.restarts.map { "\($0): changed; restart the agent to apply it" }
                    + outcome.moved.map { backend, count in
                        "\(backend): another url; its \(count) attached session\(count == 1 ? " is" : "s are") kept, "
                            + "for this may be the same server under another name"
                    }
            )
        )
    }

    /// Notes whether the configuration in force is that of its file.
    package func noteReload(succeeded: Bool) {
        reactor.instruments.configReload.set(succeeded ? 1 : 0)
    }
}
