// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One process of the benchmark suite: it plays the role that its first argument names, and prints what it found as one
/// line of JSON. `Benchmarks/suite` starts the processes, compares them and writes the report.
@main
struct AgentBenchmark {
    /// Not `async`: Debian's valgrind does not survive what the main thread of such a program waits in (`sigsuspend`).
    static func main() {
        Task.detached {
            do {
                try await play(CommandLine.arguments.dropFirst())
                exit(0)
            } catch {
                let line = Array("error: \(error)\n".utf8)
                unsafe write(STDERR_FILENO, line, line.count)
                exit(1)
            }
        }
        while true { pause() }
    }

    private static func play(_ arguments: ArraySlice<String>) async throws {
        guard let role = arguments.first.flatMap(Role.init(rawValue:)) else {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw BenchmarkError("the first argument is one of \(roles)")
        }
        let result = try await role.play(try LoadOptions(arguments.dropFirst()))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(result), as: UTF8.self))
        fflush(nil)
    }
}
