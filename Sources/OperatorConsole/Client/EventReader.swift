// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import Locking
import MCPWire
import Transfer

/// Reads the answer to `GET /v1/events` while it arrives.
final class EventReader: Sendable {
    private struct State {
        var parser = EventStreamParser()
        /// What came instead of events.
        var refusal: [UInt8] = []
        var lastEventID: String?
        /// When something came last.
        var heard = ContinuousClock.now
        var isDead = false
    }

    private let state = Locked(State())
    private let receive: @Sendable (StreamedEvent) -> Bool

    /// How much of a refusal is kept, in bytes.
    private static let refusalLimit = 64 * 1024

    init(_ receive: @escaping @Sendable (StreamedEvent) -> Bool) {
        self.receive = receive
    }

    /// The last id that can be resumed after.
    var lastEventID: String? { state.withLock { $0.lastEventID } }

    /// The body of an answer that is no stream.
    var refusal: [UInt8] { state.withLock { $0.refusal } }

    /// Whether nothing came for so long that the stream was given up.
    var isDead: Bool { state.withLock { $0.isDead } }

    /// Makes a transfer, and gives it up when nothing comes for so long: a connection that broke on the way, or an agent that
    /// is stopped, says nothing by itself.
    func watch(
        limit: Duration,
        _ transfer: @escaping @Sendable () async throws(TransferError) -> Response
    ) async throws(TransferError) -> Response {
        let running = Task { () -> Result<Response, TransferError> in
            do throws(TransferError) { return .success(try await transfer()) } catch { return .failure(error) }
        }
        let watching = Task { [state] in
            while !Task.isCancelled {
                // Ends early when it is canceled, and then so does the loop.
                try? await Task.sleep(for: limit / 8)
                let isDead = state.withLock { state in
                    if state.heard.duration(to: .now) > limit { state.isDead = true }
                    return state.isDead
                }
                if isDead { return running.cancel() }
            }
        }
        defer { watching.cancel() }
        return try await withTaskCancellationHandler {
            await running.value
        } onCancel: {
            running.cancel()
        }.get()
    }

    /// Takes in a piece; true when nobody wants more.
    func take(_ piece: Span<UInt8>, of partial: borrowing PartialResponse) -> Bool {
        let isStream = partial.status == 200
        let events = state.withLock { state in
            state.heard = .now
            guard isStream else {
                for index in piece.indices.prefix(Self.refusalLimit - state.refusal.count) {
                    state.refusal.append(piece[index])
                }
                return [StreamedEvent]()
            }
            return Self.read(piece, &state)
        }
        // Out of the lock: whoever receives may take its time.
        for event in events where !receive(event) { return true }
        return false
    }

    private static func read(_ piece: Span<UInt8>, _ state: inout State) -> [StreamedEvent] {
        var events: [StreamedEvent] = []
        var offset = 0
        while state.parser.readEvent(from: piece, at: &offset) {
            let json = String(decoding: state.parser.data, as: UTF8.self)
            // A kind that this version does not know is no reason to stop.
            guard let event = try? ControlJSON.decode(AgentEvent.self, from: Data(json.utf8)) else { continue }
            // Events that cannot be resumed have no id, and take the place of none that can.
            if !state.parser.lastEventID.isEmpty {
                state.lastEventID = String(decoding: state.parser.lastEventID, as: UTF8.self)
            }
            events.append(StreamedEvent(event: event, json: json.split(separator: "\n").joined(separator: " ")))
        }
        return events
    }
}
