// SPDX-License-Identifier: Apache-2.0

package import ControlAPI

/// An event as it came from the agent.
package struct StreamedEvent: Sendable, Hashable {
    package let event: AgentEvent
    /// The JSON as the agent wrote it, on one line.
    package let json: String
}
