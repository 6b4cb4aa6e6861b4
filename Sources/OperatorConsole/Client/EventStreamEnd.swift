// SPDX-License-Identifier: Apache-2.0

/// How a stream of events ended.
package struct EventStreamEnd: Sendable {
    /// Why; nil when the agent, or whoever received, ended it in order.
    package let failure: ControlFailure?
    /// The `Last-Event-ID` of the next stream; nil when there was no event that can be resumed.
    package let lastEventID: String?
}
