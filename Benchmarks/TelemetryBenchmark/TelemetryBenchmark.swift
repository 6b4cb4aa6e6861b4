// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What telemetry costs: encoding against Foundation and against OpenTelemetry's Python SDK, bytes on the wire, and the time
/// of recording a number.
///
///     TelemetryBenchmark [--rounds 9] [--python-exporter SPANS-PER-CPU-SECOND]
@main
struct TelemetryBenchmark {
    static func main() {
        do {
            let options = try BenchmarkOptions(CommandLine.arguments.dropFirst())
            var rows = try EncodingRows.measure(options)
            rows += RecordingRows.measure(options)
            print(ReportTable(rows).text)
        } catch {
            let line = Array("error: \(error)\n".utf8)
            unsafe write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }
}
