// SPDX-License-Identifier: Apache-2.0

/// What one call sends: the two values that the `method` attribute can have.
package enum CallMethod: String, Sendable, Hashable, CaseIterable {
    case ping
    case tool
}
