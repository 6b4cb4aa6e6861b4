// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry

/// A running reactor with all that a test looks at, and a clock that stands still until the test moves it.
struct TestAgent: Sendable {
    let reactor: Reactor
    let clock: ManualClock
    let telemetry: RecordingTelemetry
    let meter: Meter
    let feed: EventFeed
    /// The sessions that the reactor says are over.
    let ended: AsyncStream<SessionHandle>

    /// Runs a reactor for these backends while `body` runs, and shuts it down.
    /// - Parameter isTimeReal: whether it goes by the clocks of the machine; `advance` does nothing then.
    @discardableResult
    static func run<Result: Sendable>(
        _ backends: BackendConfiguration...,
        isTimeReal: Bool = false,
        tracing: Tracing = Tracing(),
        watchdog: Watchdog? = nil,
        readFile: FileReader = .system,
        body: (TestAgent) async throws -> Result
    ) async throws -> Result {
        let agent = try make(
            backends,
            isTimeReal: isTimeReal,
            tracing: tracing,
            watchdog: watchdog,
            readFile: readFile
        )
        await agent.reactor.start()
        do {
            let result = try await body(agent)
            await agent.reactor.shutdown(within: .seconds(30))
            return result
        } catch {
            await agent.reactor.shutdown(within: .milliseconds(100))
            throw error
        }
    }

    /// A reactor whose thread runs and whose owned sessions are not yet opened.
    static func make(
        _ backends: [BackendConfiguration],
        isTimeReal: Bool = false,
        tracing: Tracing = Tracing(),
        watchdog: Watchdog? = nil,
        readFile: FileReader = .system
    ) throws -> TestAgent {
        let clock = ManualClock()
        let telemetry = RecordingTelemetry()
        let meter = Meter(scope: InstrumentationScope(name: "test"), startTime: ManualClock.unixStart)
        let feed = EventFeed(epoch: 1, capacity: 100)
        let (stream, continuation) = AsyncStream.makeStream(of: SessionHandle.self)
        let reactor = try Reactor(
            configurations: backends,
            meter: meter,
            sink: telemetry,
            log: telemetry,
            clock: isTimeReal ? .system : clock.agentClock,
            seed: 1,
            tracing: tracing,
            watchdog: watchdog,
            feed: feed,
            ended: continuation,
            readFile: readFile
        )
        reactor.run()
        return TestAgent(
            reactor: reactor,
            clock: clock,
            telemetry: telemetry,
            meter: meter,
            feed: feed,
            ended: stream
        )
    }

    /// Moves the clock and waits until the loop has turned at the new time, as long as it turns at all.
    func advance(by duration: Duration) async {
        clock.advance(by: duration)
        let now = clock.now
        while await !reactor.hasTurned(at: now) { await Task.yield() }
    }

    /// Lets one interval go by and waits for the keepalives that are due in it.
    func keepalive(_ count: Int = 1, after interval: Duration = TestAgent.interval) async throws {
        let before = telemetry.record.cycles.count
        await advance(by: interval)
        try await telemetry.waitForCycles(before + count)
    }

    /// Lets time go by in small steps until the condition holds.
    func run(until condition: (RecordingTelemetry.Record) -> Bool) async throws {
        while !condition(telemetry.record) {
            try Task.checkCancellation()
            await advance(by: .milliseconds(50))
        }
    }

    /// Waits until no request of a backend is in flight.
    func waitUntilIdle(_ backend: BackendIndex = 0) async throws {
        while await reactor.status(of: backend).inFlight > 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// All metrics as of now.
    func collect() async -> MetricSnapshot {
        await reactor.updateGauges()
        return meter.collect(at: clock.agentClock.unixNanoseconds())
    }

    /// The interval of backends that say nothing else.
    static let interval: Duration = .seconds(60)
}

extension Reactor {
    /// Whether the loop has turned at this time or later; a loop that stops need not.
    fileprivate func hasTurned(at time: Tick) -> Bool {
        isStopping || lastTurn.map { $0 >= time } ?? false
    }
}

extension BackendConfiguration {
    /// A backend without jitter, whose breaker opens after three failures.
    static func test(
        _ name: String = "alpha",
        _ url: String,
        ownSessions: Int = 0,
        tool: String? = nil,
        headers: [HeaderConfiguration] = [],
        policy change: (inout BackendPolicy) -> Void = { _ in }
    ) -> BackendConfiguration {
        var configuration = BackendConfiguration(name: name, url: url)
        configuration.ownSessions = ownSessions
        configuration.tool = tool.map { ToolCall(name: $0) }
        configuration.headers = headers
        configuration.policy.interval = TestAgent.interval
        configuration.policy.jitter = 0
        // No request waits for a token while the clock stands still.
        configuration.policy.maxRequestsPerSecond = 10_000
        change(&configuration.policy)
        return configuration
    }
}

extension AttachedSession {
    static func test(
        _ id: String,
        on backend: String = "alpha",
        version: String? = nil,
        headers: [HeaderConfiguration] = []
    ) -> AttachedSession {
        var session = AttachedSession(backend: backend, sessionID: Secret(id))
        session.protocolVersion = version
        session.headers = headers
        return session
    }
}

extension HeaderConfiguration {
    /// A header as the configuration file would have it: `${file:…}` is read by `readFile`.
    static func test(_ name: String, _ text: String, readFile: FileReader = .system) throws -> HeaderConfiguration {
        let template = try SecretTemplate(parsing: text, in: "/agent/config.yaml")
        let value = try template.resolve(environment: [:], readFile: readFile)
        return HeaderConfiguration(name: name, template: template, value: value)
    }
}
