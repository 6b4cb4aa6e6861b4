// SPDX-License-Identifier: Apache-2.0

/// The kinds of JSON values (RFC 8259, section 3).
package enum JSONKind: Sendable, Hashable {
    case null
    case bool
    case number
    case string
    case array
    case object
}
