// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import KeepaliveAgent
import KeepaliveEngine
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the agent in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Sessions are kept alive as the configuration says; every keepalive is reported to the collector. Changes of \
            state are logged on stderr, single keepalives are not. A signal stops the agent within 8 s: its own sessions \
            are closed and the last telemetry is sent. A second signal ends it at once.
            """
    )

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var logging: LogOptions

    func run() async throws {
        let log = logging.sink()
        let configuration = file.load { warnings in
            for warning in warnings { log.say(.warning, warning.oneLine) }
        }
        let agent: Agent
        do throws(AgentProblem) {
            agent = try Agent(configuration, log: log, environment: ProcessInfo.processInfo.environment)
        } catch {
            Terminal.talk("error: \(error)")
            MCPKeepalive.exit(with: .configuration)
        }
        // Trapped before anything starts, so that a signal never finds the agent half way.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await agent.start()
        log.say(.info, "mcp-keepalive \(AgentVersion.current) keeps \(Self.summary(of: configuration))")
        var stopping: Task<Void, Never>?
        for await signal in signals {
            guard stopping == nil else {
                log.say(.warning, "\(signal) again: ending at once")
                Foundation.exit(128 + signal.rawValue)
            }
            log.say(.info, "\(signal): stopping")
            stopping = Task {
                await agent.stop()
                log.say(.info, "stopped")
                MCPKeepalive.exit(with: .ok)
            }
        }
    }

    /// What the configuration is about, in words.
    static func summary(of configuration: Configuration) -> String {
        let backends = configuration.backends.map { backend in
            let how =
                switch backend.policy.method {
                case .none: "off"
                case .ping: "ping every \(backend.policy.interval.text)"
                case .tool: "\(backend.tool?.name ?? "tool") every \(backend.policy.interval.text)"
                }
            return "\(backend.name) (\(how))"
        }
        return backends.isEmpty ? "no backends" : backends.joined(separator: ", ")
    }
}
