// SPDX-License-Identifier: Apache-2.0

import Glibc
import Transfer

/// Opens TLS connections by the agent's HTTP client: one after the other to a server that closes each, or many at once to
/// one that keeps them.
actor HandshakeLoad {
    struct Result: Encodable {
        let connections: Int
        let processorMicroseconds: UInt64
        /// Resident memory while the connections that were opened at once are kept, less that before.
        let residentBytes: Int
    }

    nonisolated let executor: PollExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let pool: TransferPool
    private let endpoint: Endpoint
    private let request: Request

    init(_ options: LoadOptions) throws(TransferError) {
        executor = PollExecutor(name: "handshakes")
        pool = TransferPool(executor: executor)
        endpoint = try pool.endpoint(ConstantRequest.endpoint(options))
        request = Request(head: RequestHead(), headers: [], body: ConstantRequest.body)
    }

    static func measure(_ options: LoadOptions) async throws -> Result {
        let load = try HandshakeLoad(options)
        load.executor.start {
            load.assumeIsolated { $0.pool.takeFinished { _, _ in } }
            return nil
        }
        defer { load.executor.stop() }
        return try await load.measure(calls: options.calls, atOnce: options.inFlight)
    }

    private func measure(calls: Int, atOnce: Int) async throws -> Result {
        // The certificates are read with the first one.
        try await send()
        let before = (ProcessUsage.now(), try ProcessUsage.residentBytes())
        for _ in 0..<calls / atOnce {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<atOnce { group.addTask { try await self.send() } }
                try await group.waitForAll()
            }
        }
        return Result(
            connections: calls / atOnce * atOnce,
            processorMicroseconds: ProcessUsage.now().processorTime - before.0.processorTime,
            residentBytes: try ProcessUsage.residentBytes() - before.1
        )
    }

    private func send() async throws {
        let status = try await pool.send(request, on: endpoint).status
        guard status == 200 else { throw BenchmarkError("the server answered \(status)") }
    }
}
