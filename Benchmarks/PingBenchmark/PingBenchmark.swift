// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Processor time per keepalive of the agent, against wrk on the same peer in the same run.
///
///     PingBenchmark [compare] [--rounds 5] [--window 3] [--warm-up 1.5] [--sessions 50000]
///     PingBenchmark idle [--sessions 100000]
///
/// `serve`, `agent` and `transfer` are the roles of the processes that `compare` starts.
@main
struct PingBenchmark {
    static func main() async {
        do {
            try await run(CommandLine.arguments.dropFirst())
        } catch {
            say("error: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: ArraySlice<String>) async throws {
        let isRole = arguments.first.map { !$0.hasPrefix("-") } ?? false
        let role = isRole ? arguments.first : nil
        var options = try LoadOptions(isRole ? arguments.dropFirst() : arguments)
        switch role {
        case nil, "compare":
            let results = try Comparison(options, program: program).run(progress: say)
            print(Report(results).text)
        case "idle":
            if !arguments.contains("--sessions") { options.sessions = 100_000 }
            let bytes = try await IdleSessions.bytesPerSession(options)
            print("resident memory of one idle session, of \(options.sessions): \(bytes) bytes")
        case "serve":
            var peer = try Peer()
            print("http://127.0.0.1:\(peer.port)")
            fflush(nil)
            try peer.serve()
        case "agent": print(try await AgentLoad.measure(options).line)
        case "transfer": print(try await TransferLoad.measure(options).line)
        default: throw BenchmarkError("unknown role '\(role ?? "")': compare, idle, serve, agent, transfer")
        }
    }

    /// The path of this program.
    private static let program = "/proc/self/exe"

    private static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        unsafe write(STDERR_FILENO, line, line.count)
    }
}
