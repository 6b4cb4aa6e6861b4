// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import JSONText
internal import Transfer

extension OTLPExporter {
    /// Whether bodies are gzip; nobody inflates stdout.
    var isCompressing: Bool {
        destination.compression == .gzip && destination.output == .collector
    }

    /// Appends what is sent of a batch: OTLP JSON, or text for people.
    func encode(_ batch: ExportBatch, _ configuration: OTLPConfiguration, into writer: inout JSONWriter) {
        batch.encode(configuration, into: &writer)
        guard destination.output == .console else { return }
        let text = ConsoleText(json: writer.bytes, signal: signal)
        writer.removeAll()
        writer.bytes.append(contentsOf: text.lines.joined(separator: "\n").utf8)
    }

    /// Writes a body to what is no collector.
    func write(_ body: [UInt8], within limit: Duration) -> AttemptResult {
        guard case .file(let path) = destination.output else {
            return OTLPExporter.write(body, to: .standard, within: limit)
        }
        return OTLPExporter.append(body, to: FileOutput(path: path))
    }

    /// Appends a body to a file.
    static func append(_ body: [UInt8], to file: FileOutput) -> AttemptResult {
        switch file.append(body) {
        case .written: return .accepted(nil)
        case .notAFile: return .refused(.transport(.configuration), retryAfter: nil, details: "not a regular file")
        case .failed(let code):
            let passes = [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM].contains(code)
            return .refused(
                .transport(passes ? TransportFailure.localResource : .other),
                retryAfter: nil,
                details: OperatingSystemError.text(code)
            )
        }
    }

    /// Writes a body to stdout.
    static func write(_ body: [UInt8], to output: LineOutput, within limit: Duration) -> AttemptResult {
        switch output.write(body, within: limit) {
        case .accepted: .accepted(nil)
        case .stalled: .refused(.transport(.timeout), retryAfter: nil, details: "nobody reads stdout")
        case .failed(EPIPE): .refused(.transport(.disconnect), retryAfter: nil, details: "stdout was closed")
        case .failed(let code): .refused(.transport(.other), retryAfter: nil, details: OperatingSystemError.text(code))
        }
    }
}
