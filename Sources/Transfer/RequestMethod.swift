// SPDX-License-Identifier: Apache-2.0

/// The HTTP methods that the agent uses; it never sends HEAD or OPTIONS.
package enum RequestMethod: Sendable, Hashable {
    case get
    case post
    case delete
}
