// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import KeepaliveEngine
import Locking
import LogText
package import OTLPExport
import Telemetry
import Transfer

/// The whole agent: a reactor for the keepalives, a pipeline for telemetry, and the source of attached sessions.
package final class Agent: Sendable {
    package let reactor: Reactor
    /// Nil when nothing is exported: then there is no thread and no socket for it.
    package let pipeline: ExportPipeline?
    /// The sessions of clients of the local API.
    package let registry: SessionRegistry
    /// Nil when nobody is to be called: then there is no thread for it either.
    package let webhook: WebhookSender?
    let feed = EventFeed()
    let exports = ExportWatch()
    let clock: AgentClock
    let storage: (any StateStorage)?
    let source: SessionsFileSource
    /// Polls and reloads come one after the other.
    let turnstile = Turnstile()
    private let inForce: Locked<Configuration>
    private let ended: AsyncStream<SessionHandle>
    private let restored: Locked<StoredState>
    private let tasks = Locked<[Task<Void, Never>]>([])

    /// How often files are looked at; a new sessions file is in force within 2 s.
    private static let pollInterval: Duration = .milliseconds(500)
    /// How often what changes all the time is written to disk.
    private static let saveInterval: Duration = .seconds(5)
    /// How long closing the owned sessions may take at the end.
    private static let closingLimit: Duration = .seconds(3)
    /// How long the last writing of the state may take.
    private static let savingLimit: Duration = .seconds(1)
    /// How long the last export may take.
    private static let flushLimit: Duration = .seconds(5)
    /// How long stopping may take in all; what is left of the promised 8 s is for the process to end.
    private static let stoppingLimit: Duration = .seconds(7)

    /// Sets everything up; nothing is sent before `start`.
    ///
    /// - Parameters:
    ///   - log: where changes of state, and nothing else, are told.
    ///   - watchdog: who wants to know that keepalives are being sent.
    ///   - storage: where registrations survive a restart; nil: nowhere.
    ///   - state: what the storage had when it was opened.
    /// - Throws: when a backend, the collector's address or a header cannot be used.
    package init(
        _ configuration: Configuration,
        log: any LogSink,
        clock: AgentClock = .system,
        watchdog: Watchdog? = nil,
        storage: (any StateStorage)? = nil,
        state: StoredState = StoredState(),
        environment: [String: String]
    ) throws(AgentProblem) {
        let variables = OTLPEnvironment(environment)
        let meter = Meter(
            scope: Recording.scope,
            startTime: clock.unixNanoseconds(),
            options: variables.metrics.meterOptions
        )
        let gauges = GaugeSource()
        ProcessInstruments.register(on: meter)
        if let storage { StorageInstruments.register(on: meter, for: storage, clock) }
        for problem in variables.warnings { log.say(.warning, problem.description) }
        guard variables.errors.isEmpty else {
            throw AgentProblem("telemetry: \(variables.errors.map(\.description).joined(separator: "; "))")
        }
        let settings = OTLPConfiguration(configuration.telemetry, variables: variables)
        let leastSeverity = variables.logLevel ?? .info
        do throws(ExportConfigurationError) {
            if settings.exports {
                pipeline = try ExportPipeline(
                    settings,
                    metrics: { now in
                        await gauges.update()
                        return [meter.collect(at: now)]
                    },
                    observer: { [exports] change in
                        exports.observe(change)
                        let line = LogLine(change, unixNanoseconds: clock.unixNanoseconds())
                        if line.level.severityNumber >= Int(leastSeverity.rawValue) { log.write(line) }
                    },
                    now: clock.unixNanoseconds,
                    selfMeter: meter
                )
            } else {
                pipeline = nil
            }
        } catch {
            throw AgentProblem("telemetry: \(error)")
        }
        if let pipeline {
            ExportInstruments.register(on: meter, for: pipeline)
            SpoolInstruments.register(on: meter, for: pipeline)
        }
        let (stream, continuation) = AsyncStream.makeStream(of: SessionHandle.self)
        ended = stream
        self.clock = clock
        self.storage = storage
        restored = Locked(state)
        do throws(BackendProblem) {
            reactor = try Reactor(
                configurations: configuration.backends,
                meter: meter,
                sink: pipeline ?? DiscardingSink(),
                log: log,
                clock: clock,
                tracing: Tracing(variables, configuration.telemetry),
                watchdog: watchdog,
                feed: feed,
                ended: continuation,
                environment: environment
            )
        } catch {
            throw AgentProblem(error.description)
        }
        do throws(TransferError) {
            if let settings = configuration.api.webhook {
                webhook = try WebhookSender(settings, feed: feed, log: log, clock: clock, environment: environment)
            } else {
                webhook = nil
            }
        } catch {
            throw AgentProblem("api.webhook: \(error)")
        }
        gauges.connect(reactor)
        inForce = Locked(configuration)
        registry = SessionRegistry(
            reactor: reactor,
            feed: feed,
            storage: storage,
            maxSessions: configuration.api.maxSessions,
            log: log,
            clock: clock,
            environment: environment
        )
        source = SessionsFileSource(
            path: configuration.sessionsFile,
            backends: configuration.backends.map(\.name),
            reactor: reactor,
            registry: registry,
            log: log,
            clock: clock,
            environment: environment
        )
    }

    /// The configuration that the agent goes by.
    package internal(set) var configurationInForce: Configuration {
        get { inForce.withLock { $0 } }
        set { inForce.withLock { $0 = newValue } }
    }

    /// Starts the threads: from now on sessions are kept alive and telemetry is sent.
    package func start() async {
        webhook?.start()
        reactor.run()
        await registry.respect(source)
        await registry.restore(
            restored.withLock { state in
                defer { state = StoredState() }
                return state
            }
        )
        await reactor.start()
        pipeline?.start()
        let (source, reactor, registry, ended, turnstile) = (source, reactor, registry, ended, turnstile)
        tasks.withLock { tasks in
            tasks.append(Task { for await handle in ended { await registry.ended(handle) } })
            tasks.append(repeating(every: Self.pollInterval) { await registry.sweep() })
            tasks.append(repeating(every: Self.saveInterval) { await registry.save() })
            tasks.append(
                repeating(every: Self.pollInterval) {
                    await turnstile { await source.poll() }
                    await reactor.retryRefusedCredentials()
                }
            )
        }
    }

    /// Does something again and again until it is canceled.
    private func repeating(
        every interval: Duration,
        _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        Task {
            while !Task.isCancelled {
                await body()
                // Ends early when it is canceled, and then so does the loop.
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// Stops for good, within 8 s: aborts what is in flight, DELETEs the owned sessions, sends the last telemetry.
    package func stop() async {
        let deadline = ContinuousClock.now + Self.stoppingLimit
        tasks.withLock { tasks in
            for task in tasks { task.cancel() }
        }
        // Before the reactor, which knows the sessions; a disk that hangs must not keep the rest from its end.
        await Self.wait(atMost: Self.savingLimit) { [registry] in await registry.stop() }
        await reactor.shutdown(within: Self.closingLimit)
        // Not before: the last metrics and events have to show what the end of the reactor did.
        let left = min(Self.flushLimit, ContinuousClock.now.duration(to: deadline))
        async let told: Void? = webhook?.stop(within: left)
        await pipeline?.shutdown(within: left)
        await told
    }

    /// Waits until something is done, but no longer than that; then it goes on by itself.
    private static func wait(atMost limit: Duration, until body: @escaping @Sendable () async -> Void) async {
        let (done, continuation) = AsyncStream.makeStream(of: Void.self)
        Task {
            await body()
            continuation.finish()
        }
        let timeLimit = Task {
            // Ends early when it is canceled.
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        for await _ in done {}
        timeLimit.cancel()
    }
}
