// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import Telemetry

/// What a log statement says beside its message, from all the places where metadata comes from.
struct LoggedFacts {
    /// The name of the event, for a record that is one.
    private(set) var eventName: String?
    private var values: [String: AttributeValue] = [:]

    /// - Parameter sources: later ones count where several have a key.
    init(_ sources: [Logger.Metadata?], error: (any Error)?) {
        if let error {
            // Semantic conventions, "Exceptions in logs".
            values["exception.type"] = .string(String(reflecting: type(of: error)))
            values["exception.message"] = .string("\(error)")
        }
        for case let source? in sources {
            for (key, value) in source { add(value, as: key) }
        }
        if case .string(let name)? = values[OTLPLogHandler.eventNameKey], !name.isEmpty {
            eventName = name
            values[OTLPLogHandler.eventNameKey] = nil
        }
    }

    /// Adds a fact unless there is one of that key.
    mutating func addIfAbsent(_ key: String, _ value: AttributeValue) {
        if values[key] == nil { values[key] = value }
    }

    /// The facts in the order of their keys.
    var attributes: [Attribute] {
        values.map { Attribute($0.key, $0.value) }.sorted { $0.key < $1.key }
    }

    /// Attributes have no maps: an inner key is written behind its outer one and a dot.
    private mutating func add(_ value: Logger.MetadataValue, as key: String) {
        guard case .dictionary(let members) = value else {
            values[key] = LoggedFacts.attributeValue(value)
            return
        }
        for (inner, value) in members { add(value, as: "\(key).\(inner)") }
    }

    private static func attributeValue(_ value: Logger.MetadataValue) -> AttributeValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): AttributeValue(value)
        case .array(let elements): AttributeValue(elements.map { attributeValue($0) })
        case .dictionary: .string(value.description)
        }
    }
}
