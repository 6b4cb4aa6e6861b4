// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What telemetry costs: encoding against Foundation and against OpenTelemetry's Python SDK, bytes on the wire, and the time
/// of recording a number. Prints its rows as JSON for `Benchmarks/suite`.
///
///     TelemetryBenchmark [--rounds 9] [--python-exporter SPANS-PER-CPU-SECOND]
@main
struct TelemetryBenchmark {
    static func main() {
        do {
            let options = try BenchmarkOptions(CommandLine.arguments.dropFirst())
            var rows = try EncodingRows.measure(options)
            rows += RecordingRows.measure(options)
            print(String(decoding: try JSONEncoder().encode(rows), as: UTF8.self))
        } catch {
            let line = Array("error: \(error)\n".utf8)
            unsafe write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }
}
