// SPDX-License-Identifier: Apache-2.0

/// What a label was made as.
enum BridgedKind: String, Sendable, Hashable {
    case counter
    case floatingPointCounter = "floating-point counter"
    case gauge
    case recorder
    case timer
}
