// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import KeepaliveAgent
import LocalAPI
import LogText
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the agent in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Sessions are kept alive as the configuration says; every keepalive is reported to the collector. Changes of \
            state are logged on stderr, single keepalives are not. A signal stops the agent within 8 s: its own sessions \
            are closed and the last telemetry is sent. A second signal ends it at once. SIGHUP, or a configuration file \
            that changed, lets it go over to that; a file with errors changes nothing. MCP_KEEPALIVE_API=off in the \
            environment stands for --api off.

            Exit codes: 0 stopped by a signal, 64 usage, 66 no such file, 69 an address of the local API cannot be had, \
            75 another agent uses the state_dir, 78 configuration.
            """
    )

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var logging: LogOptions

    @Option(
        help: ArgumentHelp(
            "Whatever the file says of the local API: the path of its socket, host:port of the read-only listener, or off.",
            valueName: "address|off"
        )
    )
    var api: APIOverride?

    func run() async throws {
        let log = logging.sink()
        var configuration = file.load { warnings in
            for warning in warnings { log.say(.warning, warning.oneLine) }
        }
        let environment = ProcessInfo.processInfo.environment
        let override = APIOverride(option: api, environment: environment)
        configuration.obey(override)
        let files = OpenFileLimit.raise()
        if let share = files.apply(to: &configuration) {
            log.say(.warning, files.warning(share: share))
        }
        let service = ServiceNotifier(environment: environment)
        let (storage, state) = Self.openState(configuration, log: log)
        let agent: Agent
        do throws(AgentProblem) {
            agent = try Agent(
                configuration,
                log: log,
                watchdog: service.watchdog,
                storage: storage,
                state: state,
                environment: environment
            )
        } catch {
            Terminal.talk("error: \(error)")
            MCPKeepalive.exit(with: .configuration)
        }
        // Trapped before anything starts, so that a signal never finds the agent half way.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let reloader = ConfigurationReloader(
            of: agent,
            path: configuration.file,
            files: files,
            api: override,
            service: service,
            log: log,
            environment: environment
        )
        let control = AgentControl(agent, reloading: reloader, processID: getpid())
        let servers: [LocalAPIServer]
        do throws(LocalAPIError) {
            servers = try await Self.startAPI(configuration, control: control, environment: environment, log: log)
        } catch {
            Terminal.talk("error: local API: \(error)")
            await storage?.close()
            if case .unusableTLS = error { MCPKeepalive.exit(with: .configuration) }
            MCPKeepalive.exit(with: .unavailable)
        }
        // Not before: an agent whose address is taken calls nobody.
        await agent.start()
        if let webhook = agent.webhook { log.say(.info, "webhook: events are POSTed to \(webhook.receiver)") }
        control.setReady(true)
        service.notify(.ready(status: configuration.summary))
        log.say(.info, configuration.summary)
        for name in configuration.idleBackends { log.say(.warning, Configuration.idleWarning(name)) }
        let watching = Task { await reloader.watch() }
        var firstSignal: ContinuousClock.Instant?
        for await signal in signals {
            if signal == .sighup {
                // What comes of it is told on the log. Not awaited, so that a stop does not wait for it.
                Task { await reloader.attempt(.asked) }
            } else if let firstSignal {
                // `timeout` and some supervisors signal the process and its group: that is one wish, not two.
                if ContinuousClock.now - firstSignal < Self.signalPause { continue }
                log.say(.warning, "\(signal) again: ending at once")
                Foundation.exit(128 + signal.rawValue)
            } else {
                firstSignal = .now
                watching.cancel()
                service.notify(.stopping)
                log.say(.info, "\(signal): stopping")
                control.setReady(false)
                Task {
                    // What is being answered gets its answer; nobody is told anything new.
                    for server in servers { await server.stop(within: .milliseconds(300)) }
                    await agent.stop()
                    log.say(.info, "stopped")
                    MCPKeepalive.exit(with: .ok)
                }
            }
        }
    }

    /// How long signals after the first one are taken for the same one.
    private static let signalPause: Duration = .milliseconds(300)
}
