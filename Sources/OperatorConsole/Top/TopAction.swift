// SPDX-License-Identifier: Apache-2.0

/// What `top` is to do after a key.
package enum TopAction: Sendable, Hashable {
    case quit
    case probe(String)
    case enable(String)
    case disable(String)
}
