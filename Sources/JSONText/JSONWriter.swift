// SPDX-License-Identifier: Apache-2.0

/// Appends JSON text to a byte buffer that is kept and reused.
///
/// Commas are set by looking at the last byte written, so the writer has no state besides its bytes and pieces rendered
/// earlier fit in anywhere. The caller keeps the order: `beginObject`, `key`, value, `endObject`. Values written
/// one after the other at the top level would be joined by a comma; write a `newline()` between documents.
package struct JSONWriter: Sendable {
    /// What is written for a number that JSON cannot express.
    package enum NonFinite: Sendable {
        /// `null`, as `JSON.stringify` does.
        case null
        /// `"NaN"`, `"Infinity"` or `"-Infinity"`, as the JSON mapping of Protocol Buffers does.
        case string
    }

    /// The text so far, UTF-8.
    package var bytes: [UInt8]

    /// An empty writer; `capacity` bytes are reserved.
    package init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Forgets the text and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    // MARK: Structure

    /// `{`
    @inline(__always)
    package mutating func beginObject() {
        separate()
        bytes.append(0x7B)
    }

    /// `}`
    @inline(__always)
    package mutating func endObject() {
        bytes.append(0x7D)
    }

    /// `[`
    @inline(__always)
    package mutating func beginArray() {
        separate()
        bytes.append(0x5B)
    }

    /// `]`
    @inline(__always)
    package mutating func endArray() {
        bytes.append(0x5D)
    }

    /// Ends a document in a stream of lines: what follows gets no comma.
    package mutating func newline() {
        bytes.append(0x0A)
    }

    /// The key of a member; a name that needs no escaping.
    @inline(__always)
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(0x22)
        append(name)
        bytes.append(0x22)
        bytes.append(0x3A)
    }

    /// The key of a member; any text.
    package mutating func key(escaping name: String) {
        string(name)
        bytes.append(0x3A)
    }

    // MARK: Values

    /// A string; with a `limit` at most that many UTF-8 bytes of it, cut between Unicode scalars.
    package mutating func string(_ value: String, limit: Int = .max) {
        string(validated: value.utf8Span.span, limit: limit)
    }

    /// A string from bytes; what is not UTF-8 becomes U+FFFD. With a `limit` at most that many UTF-8 bytes of it.
    package mutating func string(utf8 value: Span<UInt8>, limit: Int = .max) {
        if (try? UTF8Span(validating: value)) != nil {
            string(validated: value, limit: limit)
        } else {
            let repaired = unsafe value.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
            string(repaired, limit: limit)
        }
    }

    /// A string that needs no escaping.
    @inline(__always)
    package mutating func string(literal value: StaticString) {
        separate()
        bytes.append(0x22)
        append(value)
        bytes.append(0x22)
    }

    /// A number.
    @inline(__always)
    package mutating func integer(_ value: Int) {
        integer(Int64(value))
    }

    /// A number, all digits.
    package mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(0x2D) }
        appendDigits(of: value.magnitude)
    }

    /// A number, all digits.
    package mutating func integer(_ value: UInt64) {
        separate()
        appendDigits(of: value)
    }

    /// A decimal number in quotes, as the JSON mapping of Protocol Buffers writes 64-bit integers.
    package mutating func integerString(_ value: Int64) {
        separate()
        bytes.append(0x22)
        if value < 0 { bytes.append(0x2D) }
        appendDigits(of: value.magnitude)
        bytes.append(0x22)
    }

    /// A decimal number in quotes, as the JSON mapping of Protocol Buffers writes 64-bit integers.
    package mutating func integerString(_ value: UInt64) {
        separate()
        bytes.append(0x22)
        appendDigits(of: value)
        bytes.append(0x22)
    }

    /// A number with the fewest digits that read back as the same value.
    package mutating func double(_ value: Double, nonFinite: NonFinite = .null) {
        guard !value.isFinite else {
            separate()
            bytes.append(contentsOf: value.description.utf8)
            return
        }
        switch nonFinite {
        case .null: null()
        case .string where value.isNaN: string(literal: "NaN")
        case .string where value < 0: string(literal: "-Infinity")
        case .string: string(literal: "Infinity")
        }
    }

    /// `true` or `false`.
    package mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" : "false")
    }

    /// `null`.
    package mutating func null() {
        separate()
        append("null")
    }

    /// JSON text rendered earlier: a value, a member, or several with commas between them; nothing when it is empty.
    @inline(__always)
    package mutating func raw(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        separate()
        bytes.append(contentsOf: json)
    }

    /// JSON text rendered earlier: a value, a member, or several with commas between them.
    @inline(__always)
    package mutating func raw(literal json: StaticString) {
        separate()
        append(json)
    }
}
