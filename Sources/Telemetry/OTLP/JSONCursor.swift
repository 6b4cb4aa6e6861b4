// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// Writes JSON text into memory that was reserved for it: what every span has, without growing an array piece by piece.
///
/// Whoever writes sets the commas and has reserved enough; too little stops the program, it never writes elsewhere.
@safe
struct JSONCursor: ~Copyable {
    private let start: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>

    /// At most how many bytes a text takes with quotes: every byte may become an escape of six.
    @inline(__always)
    static func room(for text: String) -> Int {
        2 &+ 6 &* text.utf8.count
    }

    /// A cursor at the beginning of some memory, of which there is some; valid as long as that is.
    @inline(__always)
    fileprivate init(_ memory: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = memory.baseAddress else { preconditionFailure("no memory was reserved") }
        unsafe start = base
        unsafe end = base + memory.count
        unsafe next = base
    }

    /// How many bytes were written.
    @inline(__always)
    fileprivate var count: Int {
        unsafe next - start
    }

    @inline(__always)
    private func need(_ count: Int) {
        precondition(unsafe end - next >= count, "too little memory was reserved")
    }

    /// JSON text as it is.
    @inline(__always)
    mutating func literal(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        need(count)
        unsafe next.update(from: text.utf8Start, count: count)
        unsafe next += count
    }

    /// JSON text rendered earlier.
    @inline(__always)
    mutating func raw(_ json: [UInt8]) {
        need(json.count)
        unsafe json.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe next.update(from: base, count: source.count)
        }
        unsafe next += json.count
    }

    /// Sixteen lowercase hexadecimal digits.
    @inline(__always)
    mutating func hexadecimal(_ word: UInt64) {
        need(16)
        let memory = unsafe UnsafeMutableRawPointer(next)
        unsafe memory.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: word &>> 32)), as: UInt64.self)
        unsafe memory.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: word)), toByteOffset: 8, as: UInt64.self)
        unsafe next += 16
    }

    /// Eight digits at once: one nibble to a byte, the first in the lowest; those above 9 move on to the letters.
    @inline(__always)
    private static func digits(_ half: UInt32) -> UInt64 {
        var spread = UInt64(half.byteSwapped)
        spread = (spread | spread &<< 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread &<< 8) & 0x00FF_00FF_00FF_00FF
        let nibbles = (spread &>> 4 & 0x000F_000F_000F_000F) | (spread & 0x000F_000F_000F_000F) &<< 8
        let letters = (nibbles &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        return (nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).littleEndian
    }

    /// A number, all digits.
    @inline(__always)
    mutating func integer(_ value: UInt64) {
        need(20)
        let unit: UInt64 = 100_000_000
        guard value >= unit else { return short(value) }
        let high = value / unit
        if high < unit {
            short(high)
        } else {
            short(high / unit)
            eight(high % unit)
        }
        eight(value &- high &* unit)
    }

    /// A number below 10^8 without leading zeros.
    @inline(__always)
    private mutating func short(_ value: UInt64) {
        var length = 1
        var power: UInt64 = 10
        while value >= power {
            length &+= 1
            power &*= 10
        }
        var rest = value
        var position = length
        while position > 0 {
            position &-= 1
            let quotient = rest / 10
            unsafe next[position] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
            rest = quotient
        }
        unsafe next += length
    }

    /// A number below 10^8 as eight digits, in three steps for all: halves, pairs, digits. The first is in the lowest byte.
    @inline(__always)
    private mutating func eight(_ value: UInt64) {
        let high = value / 10_000
        let halves = high | (value &- high &* 10_000) &<< 32
        // 10486 / 2^20 is 1/100 for numbers below 10,000, 103 / 2^10 is 1/10 for those below 100.
        let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let pairs = hundreds | (halves &- hundreds &* 100) &<< 16
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        let digits = tens | (pairs &- tens &* 10) &<< 8
        let text = (digits &+ 0x3030_3030_3030_3030).littleEndian
        unsafe UnsafeMutableRawPointer(next).storeBytes(of: text, as: UInt64.self)
        unsafe next += 8
    }

    /// A number with its sign, all digits.
    @inline(__always)
    mutating func integer(_ value: Int64) {
        if value < 0 { literal("-") }
        integer(value.magnitude)
    }

    /// A text in quotes.
    @inline(__always)
    mutating func string(_ text: String) {
        let count = text.utf8.count
        need(count &+ 2)
        unsafe next.pointee = 0x22
        unsafe next += 1
        let target = unsafe UnsafeMutableRawPointer(next)
        let isCopied = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            let source = UnsafeRawBufferPointer(bytes)
            guard unsafe Self.isPlain(source) else { return false }
            if let base = source.baseAddress { unsafe target.copyMemory(from: base, byteCount: source.count) }
            return true
        }
        if isCopied == true {
            unsafe next += count
        } else {
            escaped(text)
        }
        literal("\"")
    }

    /// Whether nothing of it has to be escaped (RFC 8259 section 7): eight bytes at a time, the last ones perhaps twice.
    @inline(__always)
    private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        if count < 8 {
            var word: UInt64 = 0x2020_2020_2020_2020
            if count >= 4 {
                let (first, last) = unsafe (
                    bytes.loadUnaligned(as: UInt32.self),
                    bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                )
                word = UInt64(first) | UInt64(last) &<< 32
            } else {
                for index in 0..<count { word = unsafe word &<< 8 | UInt64(bytes[index]) }
            }
            return marks(word) & 0x8080_8080_8080_8080 == 0
        }
        var special = unsafe marks(bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        var index = 0
        while index &+ 8 < count {
            special |= unsafe marks(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        return special & 0x8080_8080_8080_8080 == 0
    }

    /// Sets the highest bit of each byte that is below 0x20, a quote or a backslash; borrows may set more where there is one.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Swaps 0x20 and 0x22: then the quote is just above what is below 0x20.
        let swapped = word ^ (ones &* 0x02)
        let backslash = word ^ (ones &* 0x5C)
        return ((swapped &- ones &* 0x21) & ~swapped) | ((backslash &- ones) & ~backslash)
    }

    /// The escaped text without quotes, by way of the writer, which knows how.
    @inline(never)
    private mutating func escaped(_ text: String) {
        var writer = JSONWriter()
        writer.string(text)
        raw(Array(writer.bytes.dropFirst().dropLast()))
    }
}

extension JSONWriter {
    /// Appends at most `capacity` bytes, which must be some, without a comma before.
    @inline(__always)
    mutating func write(atMost capacity: Int, _ body: (inout JSONCursor) -> Void) {
        bytes.append(addingCapacity: capacity) { output in
            unsafe output.withUnsafeMutableBufferPointer { memory, count in
                var cursor = unsafe JSONCursor(memory)
                body(&cursor)
                count = cursor.count
            }
        }
    }
}
