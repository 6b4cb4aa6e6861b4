// SPDX-License-Identifier: Apache-2.0

/// One destination with its own handles, so that no hanging destination takes another's.
///
/// It belongs to the pool that made it and is confined to the same actor.
package final class Endpoint {
    /// What it was made from.
    package var options: EndpointOptions { resources.options }

    /// Requests under way, without streams that only drain.
    package internal(set) var requestsInFlight = 0

    let resources: EndpointResources
    /// Indices of handles that are free, the one used last at the end.
    var idle: [Int] = []
    /// How many of its streams drain.
    var streamsDraining = 0
    /// How many connections are or will be in use; a handle whose outcome is being handed over has given its own back.
    var connectionsInUse: Int { requestsInFlight + streamsDraining }
    var isClosed = false

    init(_ resources: EndpointResources) {
        self.resources = resources
    }
}
