// SPDX-License-Identifier: Apache-2.0

import Foundation
import KeepaliveAgent
import KeepaliveEngine

/// Takes sessions over from a sessions file, as the agent does when it starts.
struct StartUpLoad: Encodable {
    let sessions: Int
    let fileBytes: Int
    let seconds: Double
    let processorMicroseconds: UInt64
    /// Resident memory when all sessions are there, and at the worst moment.
    let residentBytes: Int
    let peakBytes: Int

    static func measure(_ options: LoadOptions) async throws -> StartUpLoad {
        let fileBytes = try write(options)
        var policy = BackendPolicy()
        policy.interval = .seconds(86_400)
        let agent = try BenchmarkAgent(options, policy: policy)
        let source = SessionsFileSource(
            path: options.file,
            backends: agent.backends,
            reactor: agent.reactor,
            log: SilentLog()
        )
        let before = ProcessUsage.now()
        await source.poll()
        let after = ProcessUsage.now()
        let count = await agent.reactor.status(of: 0).sessions.total
        guard count == options.sessions else {
            throw BenchmarkError("\(count) of \(options.sessions) sessions arrived")
        }
        let load = StartUpLoad(
            sessions: count,
            fileBytes: fileBytes,
            seconds: before.instant.duration(to: after.instant) / .seconds(1),
            processorMicroseconds: after.processorTime - before.processorTime,
            residentBytes: try ProcessUsage.residentBytes(),
            peakBytes: ProcessUsage.peakBytes()
        )
        await agent.stop()
        return load
    }

    private static func write(_ options: LoadOptions) throws -> Int {
        var text = #"{"sessions": ["#
        for number in 0..<options.sessions {
            text += number == 0 ? "\n" : ",\n"
            text += #"{"backend": "backend-0", "session_id": ""# + ConstantRequest.sessionID(number)
            text += #"", "protocol_version": "2025-11-25"}"#
        }
        text += "\n]}\n"
        let data = Data(text.utf8)
        let permissions: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: options.file, contents: data, attributes: permissions) else {
            throw BenchmarkError("cannot write \(options.file)")
        }
        return data.count
    }
}
