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

    /// The members `attributes` and `droppedAttributesCount` of a shared set and of single ones, at most `limit` in all.
    mutating func attributes(_ set: AttributeSet, _ single: [Attribute], limit: Int, valueLength: Int) {
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
