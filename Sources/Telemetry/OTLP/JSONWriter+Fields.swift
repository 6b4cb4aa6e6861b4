// SPDX-License-Identifier: Apache-2.0

internal import JSONText

extension JSONWriter {
    /// A trace id as 32 lowercase hexadecimal digits, not base64 (OTLP specification, "JSON Protobuf Encoding").
    @inline(__always)
    mutating func traceID(_ id: TraceID) {
        key("traceId")
        bytes.append(0x22)
        Hexadecimal.append(id.high, to: &bytes)
        Hexadecimal.append(id.low, to: &bytes)
        bytes.append(0x22)
    }

    /// A span id as 16 lowercase hexadecimal digits.
    @inline(__always)
    mutating func spanID(_ id: SpanID, key name: StaticString = "spanId") {
        key(name)
        bytes.append(0x22)
        Hexadecimal.append(id.word, to: &bytes)
        bytes.append(0x22)
    }

    /// A number up to 2^53, a string above.
    mutating func exactInteger(_ value: UInt64) {
        if value <= OTLPJSON.largestExactNumber { integer(value) } else { integerString(value) }
    }

    /// A number within ±2^53, a string beyond.
    mutating func exactInteger(_ value: Int64) {
        if value.magnitude <= OTLPJSON.largestExactNumber { integer(value) } else { integerString(value) }
    }

    /// Members of a span's or link's context; `flags` with bit 8 (is-remote is known) and bit 9 (is remote).
    mutating func flags(_ flags: TraceFlags, isRemote: Bool) {
        key("flags")
        integer(flags.word(isRemote: isRemote))
    }

    /// A member with text; nothing when the text is empty.
    mutating func text(_ name: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        key(name)
        string(value)
    }

    /// Writes `{"resource…":[{"resource":…,"scope…":[`, one element per run of records of one scope, and closes all. Nothing
    /// when there are no records.
    @inline(__always)
    mutating func envelope<Record>(
        _ records: [Record],
        _ resource: Resource,
        names: (resources: StaticString, scopes: StaticString, records: StaticString),
        scope: (Swift.Span<Record>, Int) -> InstrumentationScope,
        write: (inout JSONWriter, Swift.Span<Record>, Int) -> Void
    ) {
        guard !records.isEmpty else { return }
        // A span and an index in place of a record, which would be copied.
        let all = records.span
        beginObject()
        key(names.resources)
        beginArray()
        beginObject()
        raw(resource.json)
        key(names.scopes)
        beginArray()
        var current = scope(all, 0)
        beginScope(current, records: names.records)
        for index in all.indices {
            let next = scope(all, index)
            if next !== current {
                endScope(current)
                beginScope(next, records: names.records)
                current = next
            }
            write(&self, all, index)
        }
        endScope(current)
        endArray()
        text("schemaUrl", resource.schemaURL)
        endObject()
        endArray()
        endObject()
    }

    private mutating func beginScope(_ scope: InstrumentationScope, records: StaticString) {
        beginObject()
        raw(scope.json)
        key(records)
        beginArray()
    }

    private mutating func endScope(_ scope: InstrumentationScope) {
        endArray()
        text("schemaUrl", scope.schemaURL)
        endObject()
    }
}

extension TraceFlags {
    /// The flags with bit 8 (is-remote is known) and bit 9 (is remote).
    @inline(__always)
    func word(isRemote: Bool) -> UInt64 {
        UInt64(rawValue) | 0x100 | (isRemote ? 0x200 : 0)
    }
}
