// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import KeepaliveAgent
import KeepaliveEngine
import LogText
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
        var configuration = file.load { warnings in
            for warning in warnings { log.say(.warning, warning.oneLine) }
        }
        let files = OpenFileLimit.raise()
        if let share = files.apply(to: &configuration) {
            log.say(
                .warning,
                "at most \(share) request\(share == 1 ? "" : "s") in flight per backend, for only \(files.files) files "
                    + "may be open: raise the limit (ulimit -Hn, LimitNOFILE=)"
            )
        }
        let environment = ProcessInfo.processInfo.environment
        let service = ServiceNotifier(environment: environment)
        let agent: Agent
        do throws(AgentProblem) {
            agent = try Agent(configuration, log: log, watchdog: service.watchdog, environment: environment)
        } catch {
            Terminal.talk("error: \(error)")
            MCPKeepalive.exit(with: .configuration)
        }
        // Trapped before anything starts, so that a signal never finds the agent half way.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        await agent.start()
        let summary = "mcp-keepalive \(AgentVersion.current) keeps \(Self.summary(of: configuration))"
        service.notify(.ready(status: summary))
        log.say(.info, summary)
        for name in configuration.idleBackends {
            log.say(.warning, "\(name): nothing to keep alive: set own_sessions, or list sessions in a sessions_file")
        }
        var firstSignal: ContinuousClock.Instant?
        for await signal in signals {
            if signal == .sighup {
                log.say(.warning, "SIGHUP: the configuration is read at the start only; restart the agent to change it")
            } else if let firstSignal {
                // `timeout` and some supervisors signal the process and its group: that is one wish, not two.
                if ContinuousClock.now - firstSignal < Self.signalPause { continue }
                log.say(.warning, "\(signal) again: ending at once")
                Foundation.exit(128 + signal.rawValue)
            } else {
                firstSignal = .now
                service.notify(.stopping)
                log.say(.info, "\(signal): stopping")
                Task {
                    await agent.stop()
                    log.say(.info, "stopped")
                    MCPKeepalive.exit(with: .ok)
                }
            }
        }
    }

    /// How long signals after the first one are taken for the same one.
    private static let signalPause: Duration = .milliseconds(300)

    /// What the configuration is about, in words.
    static func summary(of configuration: Configuration) -> String {
        let backends = configuration.backends.map { backend in
            let how =
                switch backend.policy.method {
                case .none: "off"
                case .ping: "ping every \(Cadence(policy: backend.policy).interval.text)"
                case .tool: "\(backend.tool?.name ?? "tool") every \(Cadence(policy: backend.policy).interval.text)"
                }
            return "\(backend.name) (\(how))"
        }
        return backends.isEmpty ? "no backends" : backends.joined(separator: ", ")
    }
}
