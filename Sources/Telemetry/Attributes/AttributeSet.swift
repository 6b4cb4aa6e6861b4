// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// Attributes with unique keys, in the order of their keys, whose OTLP JSON is rendered once.
///
/// Copies share storage. Two sets are equal when they render the same: the order they were written in does not matter, the
/// types of their values do. Make one where something is configured, not where something is recorded.
public struct AttributeSet: Sendable {
    /// The attributes in the order of their keys.
    public let attributes: [Attribute]
    /// The elements of `attributes` as OTLP JSON with commas between them, without the brackets.
    let json: [UInt8]

    /// No attributes.
    public static let empty = AttributeSet([])

    /// A set of these; of two attributes with one key the later counts. Empty keys and empty arrays are left out.
    public init(_ attributes: [Attribute]) {
        var latest: [String: AttributeValue] = [:]
        for attribute in attributes where attribute.isExportable {
            latest[attribute.key] = attribute.value
        }
        let ordered = latest.map { Attribute($0.key, $0.value) }.sorted { $0.key < $1.key }
        var writer = JSONWriter(capacity: 64 * ordered.count)
        for attribute in ordered {
            writer.attribute(attribute)
        }
        self.attributes = ordered
        json = writer.bytes
    }

    /// The number of attributes.
    public var count: Int {
        attributes.count
    }

    /// Whether there are none.
    public var isEmpty: Bool {
        attributes.isEmpty
    }

    /// The value of a key, if the set has it.
    public subscript(key: String) -> AttributeValue? {
        attributes.first { $0.key == key }?.value
    }

    /// This set with others added; theirs count where both have a key.
    public func adding(_ others: [Attribute]) -> AttributeSet {
        AttributeSet(attributes + others)
    }
}

extension AttributeSet: Hashable {
    /// Whether both render the same.
    public static func == (left: AttributeSet, right: AttributeSet) -> Bool {
        left.json == right.json
    }

    /// Hashes what is rendered.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(json)
    }
}

extension AttributeSet: ExpressibleByDictionaryLiteral {
    /// A set of these; of two elements with one key the later counts.
    public init(dictionaryLiteral elements: (String, AttributeValue)...) {
        self.init(elements.map { Attribute($0.0, $0.1) })
    }
}
