// SPDX-License-Identifier: Apache-2.0

import MCPWire
import Transfer

/// Measures the HTTP client alone: as many requests in flight as allowed, each followed by the next at once.
actor TransferLoad {
    nonisolated let executor: PollExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let pool: TransferPool
    private let endpoint: Endpoint
    private let head = RequestHead()
    private let body = ConstantRequest.body
    private let headers = ConstantRequest.headers.prefix(2)
    private var finished: [UInt64] = []
    private var calls: UInt64 = 0
    private var failures: UInt64 = 0

    init(_ options: LoadOptions) throws(TransferError) {
        executor = PollExecutor(name: "transfer")
        pool = TransferPool(executor: executor)
        endpoint = try pool.endpoint(ConstantRequest.endpoint(options))
        finished = (0..<UInt64(options.inFlight)).map { $0 }
    }

    static func measure(_ options: LoadOptions) async throws -> Measurement {
        let load = try TransferLoad(options)
        load.executor.start { load.assumeIsolated { $0.turn() } }
        defer { load.executor.stop() }
        try await Task.sleep(for: .seconds(options.warmUp))
        let before = await load.reading()
        try await Task.sleep(for: .seconds(options.window))
        let after = await load.reading()
        guard after.failures == 0, after.calls > before.calls else {
            throw BenchmarkError("\(after.calls) requests succeeded and \(after.failures) failed")
        }
        return Measurement(
            calls: after.calls - before.calls,
            processorMicroseconds: after.usage.processorTime - before.usage.processorTime,
            wallMicroseconds: UInt64(before.usage.instant.duration(to: after.usage.instant) / .microseconds(1))
        )
    }

    private func reading() -> (usage: ProcessUsage, calls: UInt64, failures: UInt64) { (.now(), calls, failures) }

    private func turn() -> Duration? {
        pool.takeFinished { tag, completion in
            if completion.status == 200 { calls += 1 } else { failures += 1 }
            finished.append(tag)
        }
        for tag in finished {
            pool.start(head, on: endpoint, tag: tag) { request in
                for header in headers { request.appendHeader(name: header.name, value: header.value) }
                request.body.append(contentsOf: body)
            }
        }
        finished.removeAll(keepingCapacity: true)
        return nil
    }
}
