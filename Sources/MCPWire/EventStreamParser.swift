// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Reads server-sent events (WHATWG HTML, section 9.2) from chunks of any size.
///
/// Every byte is looked at once as it comes and once at the end of its line, however small the chunks are. The buffers
/// hold one line and one event; whoever feeds the parser bounds them by the bytes it lets through.
/// ```swift
/// var offset = 0
/// while parser.readEvent(from: chunk, at: &offset) { use(parser.data.span) }
/// ```
package struct EventStreamParser: Sendable {
    /// The data of the event that was read; its lines are joined by LF. Valid until the next call.
    package private(set) var data: [UInt8] = []
    /// The type of the event that was read; empty means `message`.
    package private(set) var type: [UInt8] = []
    /// The last `id` seen, from this event or an earlier one; empty when there was none.
    package private(set) var lastEventID: [UInt8] = []
    /// The last `retry` seen: how long to wait before the stream is opened again.
    package private(set) var retry: Duration?
    /// A line was read that is a comment or a known field, so that this really is an event stream.
    package private(set) var isRecognized = false
    /// How many times a byte was looked at.
    package private(set) var examinedBytes = 0

    private var line: [UInt8] = []
    private var hasData = false
    /// The event was handed out, its buffers are to be emptied.
    private var isEventReady = false
    private var isFirstLine = true
    /// The line before ended with CR: an LF that follows belongs to it.
    private var skipsLineFeed = false

    /// Buffers beyond this size are given back between two streams, in bytes.
    private static let keptCapacity = 16_384

    package init() {}

    /// Forgets everything, for another stream; the memory is kept.
    package mutating func reset() {
        Self.empty(&data)
        Self.empty(&type)
        Self.empty(&lastEventID)
        Self.empty(&line)
        retry = nil
        isRecognized = false
        examinedBytes = 0
        hasData = false
        isEventReady = false
        isFirstLine = true
        skipsLineFeed = false
    }

    /// Reads on to the end of the next event: true; or to the end of the chunk: false.
    /// - Parameter offset: where to go on in `chunk`; 0 for a new one.
    package mutating func readEvent(from chunk: Span<UInt8>, at offset: inout Int) -> Bool {
        if isEventReady { beginEvent() }
        while offset < chunk.count {
            let byte = chunk[offset]
            offset += 1
            examinedBytes += 1
            let isLineFeed = byte == 0x0A
            if skipsLineFeed {
                skipsLineFeed = false
                if isLineFeed { continue }
            }
            guard isLineFeed || byte == 0x0D else {
                line.append(byte)
                continue
            }
            skipsLineFeed = !isLineFeed
            if endLine() { return true }
        }
        return false
    }

    private static func empty(_ buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: buffer.capacity <= keptCapacity)
    }

    private mutating func beginEvent() {
        data.removeAll(keepingCapacity: true)
        type.removeAll(keepingCapacity: true)
        hasData = false
        isEventReady = false
    }

    /// Takes the line in; true when it ends an event.
    private mutating func endLine() -> Bool {
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            isEventReady = hasData
            // An event without data is none, but its type must not reach the next one.
            if !hasData { type.removeAll(keepingCapacity: true) }
            return isEventReady
        }
        examinedBytes += line.count
        takeField()
        line.removeAll(keepingCapacity: true)
        return false
    }

    private mutating func takeField() {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        let field = field(named: line.span.extracting(0..<colon))
        var start = min(colon + 1, line.count)
        if start < line.count, line[start] == 0x20 { start += 1 }
        let value = line[start...]

        isRecognized = isRecognized || field != .unknown
        switch field {
        case .data:
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        case .event:
            type.removeAll(keepingCapacity: true)
            type.append(contentsOf: value)
        case .id where !value.contains(0):
            lastEventID.removeAll(keepingCapacity: true)
            lastEventID.append(contentsOf: value)
        case .retry where value.allSatisfy { (0x30...0x39).contains($0) }:
            retry = Int64(String(decoding: value, as: UTF8.self)).map { .milliseconds($0) } ?? retry
        // An id with a NUL and a retry that is no number are ignored, as the specification says.
        case .id, .retry, .comment, .unknown: break
        }
    }

    private enum Field {
        case data, event, id, retry, comment, unknown
    }

    private func field(named name: Span<UInt8>) -> Field {
        if name.equals("data") { return .data }
        if name.equals("event") { return .event }
        if name.equals("id") { return .id }
        if name.equals("retry") { return .retry }
        return name.isEmpty ? .comment : .unknown
    }
}
