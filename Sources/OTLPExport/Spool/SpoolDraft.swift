// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// A file that holds what a batch has so far while it is being gathered: plain lines of OTLP JSON, each a request of its own,
/// appended as records come. It is read only when the process ended before the batch was complete.
struct SpoolDraft: Sendable, Hashable {
    /// The number of the batch's first record, counted from the first that was ever queued.
    let first: UInt64
    /// The file's id, and the batch's when it is written.
    let id: UInt64

    /// Makes one request of all lines of a file that are complete, and counts its records; nil when there are none.
    static func join(_ file: [UInt8], of signal: Signal) -> (body: [UInt8], records: Int)? {
        guard let names = names(of: signal), let end = file.lastIndex(of: 0x0A) else { return nil }
        var (body, records) = (Array("{\"\(names[0])\":[".utf8), 0)
        for line in file[..<end].split(separator: 0x0A) {
            // What was cut short by a full disk does not spoil what was written before and after it.
            guard let part = try? read(Array(line), names), part.records > 0 else { continue }
            if records > 0 { body.append(UInt8(ascii: ",")) }
            body += part.elements
            records += part.records
        }
        body += Array("]}".utf8)
        return records > 0 ? (body, records) : nil
    }

    /// The arrays on the way to a record (opentelemetry-proto, `ExportTraceServiceRequest` and `ExportLogsServiceRequest`).
    private static func names(of signal: Signal) -> [StaticString]? {
        switch signal {
        case .traces: ["resourceSpans", "scopeSpans", "spans"]
        case .logs: ["resourceLogs", "scopeLogs", "logRecords"]
        case .metrics: nil
        }
    }

    /// The elements of the outermost array of a request, as text without its brackets, and how many records are in them.
    private static func read(_ line: [UInt8], _ names: [StaticString]) throws(JSONError)
        -> (elements: ArraySlice<UInt8>, records: Int)
    {
        let bytes = line.span
        var reader = JSONReader()
        try reader.enterObject(in: bytes)
        guard let key = try reader.nextKey(in: bytes), key.equals(names[0], in: bytes) else {
            return (line[..<0], 0)
        }
        let start = reader.offset
        let records = try count(&reader, names.dropFirst(), in: bytes)
        let elements = line[(start + 1)..<(reader.offset - 1)]
        guard try reader.nextKey(in: bytes) == nil else { return (line[..<0], 0) }
        try reader.readEnd(in: bytes)
        return (elements, records)
    }

    /// Reads an array, and counts the elements of the innermost arrays on the way.
    private static func count(
        _ reader: inout JSONReader,
        _ names: ArraySlice<StaticString>,
        in bytes: Swift.Span<UInt8>
    ) throws(JSONError) -> Int {
        var result = 0
        try reader.enterArray(in: bytes)
        while try reader.nextElement(in: bytes) {
            guard let name = names.first else {
                try reader.skipValue(in: bytes)
                result += 1
                continue
            }
            try reader.enterObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                if key.equals(name, in: bytes) {
                    result += try count(&reader, names.dropFirst(), in: bytes)
                } else {
                    try reader.skipValue(in: bytes)
                }
            }
        }
        return result
    }
}
