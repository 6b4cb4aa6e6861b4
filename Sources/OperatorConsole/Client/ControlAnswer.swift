// SPDX-License-Identifier: Apache-2.0

/// What the agent answered to a request that succeeded.
package struct ControlAnswer<Value: Sendable>: Sendable {
    package let value: Value
    /// The JSON as the agent wrote it, with keys that this version does not know.
    package let json: String
}
