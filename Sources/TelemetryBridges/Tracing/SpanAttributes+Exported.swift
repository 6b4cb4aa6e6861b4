// SPDX-License-Identifier: Apache-2.0

internal import Telemetry
internal import Tracing

extension SpanAttributes {
    /// The attributes in the order of their keys.
    var exported: [Attribute] {
        var result: [Attribute] = []
        result.reserveCapacity(count)
        forEach { key, value in
            if let value = AttributeValue(value) { result.append(Attribute(key, value)) }
        }
        return result.sorted { $0.key < $1.key }
    }
}

extension AttributeValue {
    /// The value, or nil for a kind that is not known here.
    init?(_ attribute: SpanAttribute) {
        switch attribute {
        case .int32(let value): self = .int(Int64(value))
        case .int64(let value): self = .int(value)
        case .int32Array(let values): self = .ints(values.map { Int64($0) })
        case .int64Array(let values): self = .ints(values)
        case .double(let value): self = .double(value)
        case .doubleArray(let values): self = .doubles(values)
        case .bool(let value): self = .bool(value)
        case .boolArray(let values): self = .bools(values)
        case .string(let value): self = .string(value)
        case .stringArray(let values): self = .strings(values)
        case .stringConvertible(let value): self = AttributeValue(value)
        case .stringConvertibleArray(let values): self = AttributeValue(values.map { AttributeValue($0) })
        default: return nil
        }
    }
}
