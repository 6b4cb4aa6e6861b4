// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Transfer

extension ControlClient {
    /// Follows the agent's events until the stream ends, at the address that answered before.
    ///
    /// - Parameters:
    ///   - lastEventID: the events after this one come first, where the agent still knows them.
    ///   - silence: how long nothing may come before the stream counts as dead; the agent sends a comment every 15 s.
    ///   - receive: called with each event as it arrives, on the thread of the transfer; false ends the stream.
    /// - Returns: how the stream ended, and after which event the next one has to go on.
    package func follow(
        _ kinds: [AgentEvent.Kind],
        after lastEventID: String?,
        silence: Duration = .seconds(45),
        receive: @escaping @Sendable (StreamedEvent) -> Bool
    ) async -> EventStreamEnd {
        let request = ControlRequest<AgentEvent>.events(of: kinds)
        guard let address else {
            return EventStreamEnd(failure: .notRunning(AgentLookup(addresses: [])), lastEventID: lastEventID)
        }
        let reader = EventReader(receive)
        var headers = [HeaderField(name: "Accept", value: "text/event-stream")]
        if let lastEventID { headers.append(HeaderField(name: "Last-Event-ID", value: lastEventID)) }
        let head = RequestHead(method: .get, timeout: Self.streamLimit, keepsBody: false)
        let stream = Request(head: head, headers: headers) { reader.take($1, of: $0) }
        var failure: ControlFailure?
        do throws(TransferError) {
            let limit = deadline
            var response = try await reader.watch(limit: silence) { () throws(TransferError) in
                try await self.send(stream, target: request.target, to: address, within: limit)
            }
            response.body = reader.refusal
            do throws(ControlFailure) {
                try Self.check(response, from: address)
            } catch {
                failure = error
            }
        } catch {
            failure = reader.isDead ? .silent(address, silence) : self.failure(error, at: address, within: deadline)
        }
        return EventStreamEnd(failure: failure, lastEventID: reader.lastEventID ?? lastEventID)
    }

    /// After this time a stream is opened anew: as long as libcurl can count in milliseconds, less an hour.
    private static let streamLimit: Duration = .seconds(24 * 86_400)
}
