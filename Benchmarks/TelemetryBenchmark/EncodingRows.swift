// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONText
import OTLPExport
import Telemetry

/// Encodes and compresses batches of spans.
enum EncodingRows {
    static func measure(_ options: BenchmarkOptions) throws -> [ReportRow] {
        let spans = SampleSpans.make()
        let perSpan = Double(spans.count)
        var writer = JSONWriter()
        func encode() {
            writer.removeAll()
            OTLPJSON.encode(spans: spans, resource: SampleSpans.resource, into: &writer)
        }
        let own = Stopwatch.nanoseconds(rounds: options.rounds, repetitions: 200, encode) / perSpan

        // Foundation is given the structures ready-made: only its encoding is measured.
        let structures = CodableSpans(spans, SampleSpans.resource)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        var data = Data()
        let foundation =
            try Stopwatch.nanoseconds(rounds: options.rounds, repetitions: 3) { data = try encoder.encode(structures) }
            / perSpan
        encode()
        guard try object(Data(writer.bytes)).isEqual(try object(data)) else {
            throw BenchmarkError("Foundation and OTLPJSON wrote different documents")
        }

        var gzip = try Gzip()
        var compressed: [UInt8] = []
        let both =
            Stopwatch.nanoseconds(rounds: options.rounds, repetitions: 50) {
                encode()
                gzip.compress(writer.bytes, into: &compressed)
            } / perSpan
        let bytes = Double(compressed.count) / perSpan
        let rate = 1e9 / both

        var rows = [
            ReportRow(title: "encode a span (ns)", value: number(own)),
            ReportRow(title: "  Foundation's JSONEncoder, same JSON (ns)", value: number(foundation)),
            row("  times faster than JSONEncoder", foundation / own, atLeast: 100),
            ReportRow(title: "encode + gzip (spans per CPU-second)", value: number(rate)),
        ]
        if let python = options.pythonRate {
            rows += [
                ReportRow(title: "  Python SDK's OTLP/HTTP exporter, same spans", value: number(python)),
                row("  times the Python SDK", rate / python, atLeast: 10),
            ]
        }
        return rows + [
            ReportRow(title: "JSON of a span (bytes)", value: number(Double(writer.bytes.count) / perSpan)),
            row("a span on the wire, in batches of \(spans.count) (bytes)", bytes, atMost: 100),
        ]
    }

    /// Documents are equal when their members are; the order of members means nothing.
    private static func object(_ json: Data) throws -> NSDictionary {
        guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
            throw BenchmarkError("not an object")
        }
        return object as NSDictionary
    }
}

/// A number with as many digits as mean something.
func number(_ value: Double) -> String {
    String(format: value < 100 ? "%.2f" : "%.0f", value)
}

func row(_ title: String, _ value: Double, atLeast aim: Double) -> ReportRow {
    ReportRow(title: title, value: number(value), aim: ">= \(Int(aim))", isReached: value >= aim)
}

func row(_ title: String, _ value: Double, atMost aim: Double) -> ReportRow {
    ReportRow(title: title, value: number(value), aim: "<= \(Int(aim))", isReached: value <= aim)
}
