// SPDX-License-Identifier: Apache-2.0

internal import JSONText

extension JSONWriter {
    /// The member `attributes` of a shared set; nothing when it is empty.
    @inline(__always)
    mutating func attributes(_ set: AttributeSet) {
        guard !set.isEmpty else { return }
        raw(literal: #""attributes":["#)
        raw(set.json)
        endArray()
    }

    /// The members `attributes` and `droppedAttributesCount` of a shared set and of single ones, at most `limit` in all; not
    /// the first members of their object.
    @inline(__always)
    mutating func attributes(_ set: AttributeSet, _ single: [Attribute], limit: Int, valueLength: Int) {
        if valueLength == .max, set.count + single.count <= limit, let room = single.plainRoom {
            if set.count + single.count > 0 { plainAttributes(set, single, room: room + set.json.count) }
        } else {
            limitedAttributes(set, single, limit: limit, valueLength: valueLength)
        }
    }

    private mutating func limitedAttributes(
        _ set: AttributeSet,
        _ single: [Attribute],
        limit: Int,
        valueLength: Int
    ) {
        var written = min(set.count, limit)
        var dropped = set.count - written
        var isOpen = false
        if written > 0 {
            raw(literal: #""attributes":["#)
            isOpen = true
            if dropped == 0 {
                raw(set.json)
            } else {
                for attribute in set.attributes.prefix(written) { self.attribute(attribute, valueLength: valueLength) }
            }
        }
        for attribute in single where attribute.isExportable {
            guard written < limit else {
                dropped += 1
                continue
            }
            if !isOpen {
                raw(literal: #""attributes":["#)
                isOpen = true
            }
            self.attribute(attribute, valueLength: valueLength)
            written += 1
        }
        if isOpen { endArray() }
        if dropped > 0 {
            key("droppedAttributesCount")
            integer(dropped)
        }
    }

    /// The member `attributes` where none is left out and none shortened.
    @inline(__always)
    private mutating func plainAttributes(_ set: AttributeSet, _ single: [Attribute], room: Int) {
        write(atMost: room) { cursor in
            cursor.literal(#","attributes":["#)
            cursor.raw(set.json)
            var needsComma = !set.isEmpty
            for attribute in single {
                if needsComma { cursor.literal(",") }
                needsComma = true
                cursor.literal(#"{"key":"#)
                cursor.string(attribute.key)
                switch attribute.value {
                case .string(let text):
                    cursor.literal(#","value":{"stringValue":"#)
                    cursor.string(text)
                    cursor.literal("}}")
                case .int(let number):
                    cursor.literal(#","value":{"intValue":""#)
                    cursor.integer(number)
                    cursor.literal(#""}}"#)
                case .bool(let value):
                    cursor.literal(value ? #","value":{"boolValue":true}}"# : #","value":{"boolValue":false}}"#)
                case .double, .strings, .bools, .ints, .doubles:
                    preconditionFailure("plainRoom says that there is none")
                }
            }
            cursor.literal("]")
        }
    }

    /// One element of `attributes`.
    mutating func attribute(_ attribute: Attribute, valueLength: Int = .max) {
        raw(literal: #"{"key":"#)
        string(attribute.key)
        raw(literal: #""value":"#)
        value(attribute.value, length: valueLength)
        endObject()
    }

    /// An `AnyValue`; the caller leaves out empty arrays.
    mutating func value(_ value: AttributeValue, length: Int = .max) {
        switch value {
        case .string(let text):
            raw(literal: #"{"stringValue":"#)
            string(text, limit: length)
        case .bool(let value):
            raw(literal: #"{"boolValue":"#)
            bool(value)
        case .int(let value):
            raw(literal: #"{"intValue":"#)
            integerString(value)
        case .double(let value) where value.isFinite:
            raw(literal: #"{"doubleValue":"#)
            double(value)
        case .double(let value):
            raw(literal: #"{"stringValue":"#)
            double(value, nonFinite: .string)
        case .strings(let texts): array(texts) { .string($0) }
        case .bools(let values): array(values) { .bool($0) }
        case .ints(let values): array(values) { .int($0) }
        case .doubles(let values): array(values) { .double($0) }
        }
        endObject()

        func array<Element>(_ elements: [Element], _ wrap: (Element) -> AttributeValue) {
            raw(literal: #"{"arrayValue":{"values":["#)
            for element in elements { self.value(wrap(element), length: length) }
            endArray()
            endObject()
        }
    }
}

extension [Attribute] {
    /// At most how many bytes the member `attributes` takes with these; nil when some are not texts, whole numbers or truth
    /// values, or not to be written.
    fileprivate var plainRoom: Int? {
        // 64 bytes are more than braces, keys and a number take.
        var room = 64
        let all = span
        for index in all.indices {
            guard !all[index].key.isEmpty else { return nil }
            room += 64 + JSONCursor.room(for: all[index].key)
            switch all[index].value {
            case .string(let text): room += JSONCursor.room(for: text)
            case .int, .bool: break
            case .double, .strings, .bools, .ints, .doubles: return nil
            }
        }
        return room
    }
}
