// SPDX-License-Identifier: Apache-2.0

import Glibc
import MCPWire

/// The reference: wrk, with the agent's request as a constant.
struct Wrk {
    private static let connections = 16
    private let scriptPath: String

    /// Writes the script that makes wrk send the constant request.
    init() throws(BenchmarkError) {
        var path = Array("/tmp/ping-benchmark-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&path)
        guard descriptor >= 0 else { throw .system("mkstemp") }
        defer { close(descriptor) }
        scriptPath = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let script = Array(Self.script.utf8)
        guard unsafe write(descriptor, script, script.count) == script.count else { throw .system("write") }
    }

    /// Removes the script.
    func remove() {
        unsafe unlink(scriptPath)
    }

    /// Runs wrk for `seconds`; its start and end are in its processor time, which a second or two make negligible.
    func measure(url: String, seconds: Double) throws(BenchmarkError) -> Measurement {
        let length = max(1, Int(seconds.rounded()))
        let command = [
            "wrk", "-t1", "-c\(Self.connections)", "-d\(length)s", "--timeout", "5s", "-s", scriptPath, url + "/mcp",
        ]
        let (output, processorTime) = try ChildProcess(command).finish()
        // "  365432 requests in 3.00s, 45.67MB read"; what goes wrong has lines of its own.
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        let summary = lines.first { $0.dropFirst().starts(with: ["requests", "in"]) }
        guard let calls = summary?.first.flatMap({ UInt64($0) }), calls > 0, !output.contains("Non-2xx"),
            !output.contains("Socket errors")
        else { throw BenchmarkError("wrk did not get through:\n\(output)") }
        return Measurement(calls: calls, processorTime: processorTime, wallTime: UInt64(length) * 1_000_000)
    }

    private static var script: String {
        var script = "wrk.method = \"POST\"\nwrk.body = [[\(String(decoding: ConstantRequest.body, as: UTF8.self))]]\n"
        for header in ConstantRequest.headers { script += "wrk.headers[\"\(header.name)\"] = \"\(header.value)\"\n" }
        return script
    }
}
