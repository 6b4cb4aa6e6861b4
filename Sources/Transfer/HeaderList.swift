// SPDX-License-Identifier: Apache-2.0

import CCurl

/// Header lines as the linked list that libcurl wants, in memory that is used again and again.
///
/// libcurl reads the list during the transfer and does not copy it. The list of a request may go on with the fixed list of
/// its endpoint.
@safe
final class HeaderList {
    /// The name of the first line that was refused: such a request must not be sent.
    private(set) var refusedName: String?

    private var text: UnsafeMutableBufferPointer<CChar>
    private var textCount = 0
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    /// Where each line starts in `text`, which may move while lines are added.
    private var starts: [Int] = []

    init() {
        unsafe text = .allocate(capacity: 256)
        unsafe nodes = .allocate(capacity: 8)
        starts.reserveCapacity(8)
    }

    deinit {
        unsafe text.deallocate()
        unsafe nodes.deallocate()
    }

    func removeAll() {
        refusedName = nil
        textCount = 0
        starts.removeAll(keepingCapacity: true)
    }

    /// Adds a line, unless the name is not a token or the value has controls: CR and LF would be sent as they are and
    /// start a header, or a request, of the value's choice.
    func append(name: StaticString, value: Span<UInt8>) {
        let accepted = name.withUTF8Buffer { name in unsafe append(name: name.span, value: value) }
        if !accepted, refusedName == nil { refusedName = name.description }
    }

    func append(name: String, value: String) {
        if !append(name: name.utf8.span, value: value.utf8.span), refusedName == nil { refusedName = name }
    }

    func append(name: StaticString, value: String) {
        append(name: name, value: value.utf8.span)
    }

    /// Keeps libcurl from adding this header of its own.
    func suppress(_ name: StaticString) {
        reserve(name.utf8CodeUnitCount + 2)
        starts.append(textCount)
        name.withUTF8Buffer { name in unsafe push(name.span) }
        push(UInt8(ascii: ":"))
        push(0)
    }

    /// The first node of the list, whose last one is followed by `tail`; valid until the next change.
    func link(to tail: UnsafeMutablePointer<curl_slist>?) -> UnsafeMutablePointer<curl_slist>? {
        var next = unsafe tail
        for position in stride(from: starts.count - 1, through: 0, by: -1) {
            let line = unsafe text.baseAddress?.advanced(by: starts[position])
            unsafe nodes[position] = unsafe curl_slist(data: line, next: next)
            unsafe next = unsafe nodes.baseAddress?.advanced(by: position)
        }
        return unsafe next
    }

    private func append(name: Span<UInt8>, value: Span<UInt8>) -> Bool {
        guard HeaderSyntax.isToken(name), HeaderSyntax.isFieldValue(value) else { return false }
        // ": " or ";" and the terminating zero.
        reserve(name.count + value.count + 3)
        starts.append(textCount)
        push(name)
        if value.isEmpty {
            // To libcurl "Name:" means that the header is left out, and "Name;" that its value is empty.
            push(UInt8(ascii: ";"))
        } else {
            push(UInt8(ascii: ":"))
            push(UInt8(ascii: " "))
            push(value)
        }
        push(0)
        return true
    }

    private func push(_ byte: UInt8) {
        unsafe text[textCount] = CChar(bitPattern: byte)
        textCount += 1
    }

    private func push(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty, let target = unsafe text.baseAddress?.advanced(by: textCount) else { return }
        unsafe bytes.withUnsafeBytes { source in
            guard let source = source.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: bytes.count)
        }
        textCount += bytes.count
    }

    private func reserve(_ count: Int) {
        if unsafe textCount + count > text.count {
            let capacity = unsafe max(text.count * 2, textCount + count)
            let larger = UnsafeMutableBufferPointer<CChar>.allocate(capacity: capacity)
            _ = unsafe larger.update(fromContentsOf: text[..<textCount])
            unsafe text.deallocate()
            unsafe text = unsafe larger
        }
        if unsafe starts.count == nodes.count {
            let larger = unsafe UnsafeMutableBufferPointer<curl_slist>.allocate(capacity: nodes.count * 2)
            unsafe nodes.deallocate()
            unsafe nodes = unsafe larger
        }
    }
}
