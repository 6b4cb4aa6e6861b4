// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

extension AttributeValue {
    /// A number or a truth value as what it is, anything else as text.
    init(_ value: any CustomStringConvertible) {
        self =
            switch value {
            case let value as Bool: .bool(value)
            case let value as any BinaryInteger: Int64(exactly: value).map { .int($0) } ?? .string("\(value)")
            case let value as any BinaryFloatingPoint: .double(Double(value))
            default: .string(value.description)
            }
    }

    /// Several values as an array of one type: theirs if they have one in common, else text.
    init(_ values: [AttributeValue]) {
        let bools = values.compactMap { if case .bool(let value) = $0 { value } else { nil } }
        let ints = values.compactMap { if case .int(let value) = $0 { value } else { nil } }
        let doubles = values.compactMap { if case .double(let value) = $0 { value } else { nil } }
        switch values.count {
        case 0: self = .strings([])
        case bools.count: self = .bools(bools)
        case ints.count: self = .ints(ints)
        case doubles.count: self = .doubles(doubles)
        default: self = .strings(values.map(\.text))
        }
    }

    /// The value as a person writes it.
    var text: String {
        switch self {
        case .string(let value): value
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .strings(let values): "\(values)"
        case .bools(let values): "\(values)"
        case .ints(let values): "\(values)"
        case .doubles(let values): "\(values)"
        }
    }
}
