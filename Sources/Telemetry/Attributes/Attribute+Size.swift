// SPDX-License-Identifier: Apache-2.0

extension [Attribute] {
    /// About how many bytes they take as JSON.
    var approximateByteCount: Int {
        reduce(0) { $0 + 48 + $1.key.utf8.count + $1.value.approximateByteCount }
    }
}

extension AttributeValue {
    /// About how many bytes it takes as JSON.
    var approximateByteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bool, .int, .double: 20
        case .strings(let texts): texts.reduce(0) { $0 + 24 + $1.utf8.count }
        case .bools(let values): 24 * values.count
        case .ints(let values): 32 * values.count
        case .doubles(let values): 40 * values.count
        }
    }
}
