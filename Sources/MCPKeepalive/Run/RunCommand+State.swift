// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Foundation
import KeepaliveAgent
import LocalAPI
import LogText
import StateStore

extension RunCommand {
    /// Opens the state on disk, if the configuration has any. A second agent with the same folder ends here; whatever else is
    /// wrong with it, the agent goes on from memory.
    static func openState(
        _ configuration: Configuration,
        log: any LogSink
    ) -> (storage: (any StateStorage)?, state: StoredState) {
        guard let directory = configuration.stateDirectory else { return (nil, StoredState()) }
        do throws(StoreProblem) {
            let (store, state, notes) = try StateStore.open(
                directory: directory,
                now: { Int64(AgentClock.system.unixNanoseconds() / 1_000_000) }
            )
            for note in notes { log.say(.warning, "state_dir: \(note)") }
            if let problem = store.problem {
                log.say(.error, "state_dir: \(problem); registrations do not survive a restart until it works again")
            }
            return (store, state)
        } catch {
            if case .secondInstance = error {
                Terminal.talk("error: state_dir: \(error)")
                MCPKeepalive.exit(with: .secondInstance)
            }
            log.say(.error, "state_dir: \(error); going on from memory")
            return (UnusableStorage(directory: directory, reason: error.description), StoredState())
        }
    }

    /// Starts the local API.
    ///
    /// - Throws: when what was asked for in so many words cannot be had.
    static func startAPI(
        _ configuration: Configuration,
        control: AgentControl,
        environment: [String: String],
        log: any LogSink
    ) async throws(LocalAPIError) -> [LocalAPIServer] {
        var problems: [String] = []
        var settings = LocalAPIConfiguration(configuration.api, environment: environment, problems: &problems)
        for problem in problems { log.say(.warning, problem) }
        var servers: [LocalAPIServer] = []
        if let address = settings.readOnly, !configuration.api.isListenWritten {
            // Nobody wrote this address: another agent on the machine may have it.
            settings.readOnly = nil
            var readOnly = LocalAPIConfiguration()
            readOnly.readOnly = address
            let server = LocalAPIServer(configuration: readOnly, plane: control)
            do throws(LocalAPIError) {
                try await server.start()
                servers.append(server)
                log.say(.info, "status and health on \(address.host):\(address.port)")
            } catch {
                log.say(.info, "status and health are not served: \(error); see api.listen")
            }
        }
        let server = LocalAPIServer(configuration: settings, plane: control)
        try await server.start()
        if let address = settings.readOnly { log.say(.info, "status and health on \(address.host):\(address.port)") }
        if let socket = settings.socket { log.say(.info, "local API on \(socket.path)") }
        if let listener = settings.readWrite?.address {
            log.say(.info, "local API on \(listener.host):\(listener.port)")
        }
        return servers + [server]
    }
}
