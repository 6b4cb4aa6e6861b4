// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine
package import MCPWire
import Transfer

/// Looks at one backend by hand, with the requests that the agent makes: for `check --live` and `ping`.
package actor BackendExaminer {
    private let executor: PollExecutor
    private let pool: TransferPool
    private let client: SessionClient
    private let hash = SessionHash()
    private var session = SessionContext(origin: .owned, backend: 0)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// - Throws: when the URL or a TLS file cannot be used.
    package init(_ configuration: BackendConfiguration, clock: AgentClock = .system) throws(BackendProblem) {
        let executor = PollExecutor(name: "examiner")
        let pool = TransferPool(executor: executor)
        do throws(TransferError) {
            var random = SystemRandomNumberGenerator()
            client = SessionClient(
                backend: try Backend(configuration, pool: pool),
                index: 0,
                pool: pool,
                clock: clock,
                requestIDs: RequestIDSource(using: &random)
            )
        } catch {
            throw BackendProblem(backend: configuration.name, error: error)
        }
        self.executor = executor
        self.pool = pool
    }

    /// Starts the thread; to be called once, before anything is awaited.
    package nonisolated func start() {
        executor.start { [weak self] in
            guard let self else { return nil }
            return self.assumeIsolated { examiner in
                examiner.pool.takeFinished { _, _ in }
                return nil
            }
        }
    }

    /// Opens a session of our own, which the calls then go to.
    package func open() async -> SessionOpening {
        let opening = await client.open()
        if case .opened(let identifier, _) = opening.result { session.identifier = identifier }
        session.protocolVersion = opening.answer?.protocolVersion
        return opening
    }

    /// The name of the open session that can be shown; nil when the backend issued no id.
    package var sessionName: String? {
        session.identifier.isEmpty ? nil : hash.name(of: session.identifier)
    }

    /// Makes one keepalive call.
    package func call(_ method: CallMethod) async -> Exchange {
        await client.call(method, on: session)
    }

    /// Looks a tool up; nil where it was not found.
    package func lookUpTool(_ name: String) async -> (exchange: Exchange, tool: ToolList.Tool?) {
        await client.lookUpTool(name, on: session)
    }

    /// Closes the session and ends the thread; nothing can be done afterwards.
    ///
    /// - Returns: whether the backend took the DELETE, or there was nothing to close.
    package func stop() async -> Bool {
        let isClosed = await client.close(session, within: .seconds(3))
        executor.stop()
        return isClosed
    }
}
