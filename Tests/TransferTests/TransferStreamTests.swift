// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Testing
import Transfer

/// Answers that are complete before their stream ends.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferStreamTests {
    private static let head = TCPPeerStep.respondHead(
        headers: [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
    )
    private static let inspected = RequestHead(timeout: .seconds(50), inspects: true)

    private static func isComplete(_ body: [UInt8]) -> Bool {
        String(decoding: body, as: UTF8.self).contains("answer")
    }

    @Test func `an answer in a stream that stays open is handed over at once`() async throws {
        let steps = [Self.head, .chunk("data: 1\n\n"), .chunk("data: answer\n\n"), .hang]
        let peer = try TCPPeer { request in request.number == 1 ? [.respond()] : steps }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), drainTimeout: .milliseconds(300))
            // Timers for connecting would wake the executor: the stream gets a connection that is there already.
            #expect(try await actor.ping(to: options).error == nil)
            let clock = ContinuousClock()
            let start = clock.now
            let ended = try await actor.ping(Self.inspected, to: options, completeWhen: Self.isComplete)
            #expect(clock.now - start < .seconds(10))
            #expect(ended.answeredEarly)
            #expect(ended.error == nil)
            #expect(ended.status == 200)
            #expect(ended.contentType == "text/event-stream")
            #expect(ended.text == "data: 1\n\ndata: answer\n\n")
            // Nothing else happens: the executor itself has to wake up for the end of the drain time.
            await peer.waitForDisconnections(1)
            #expect(clock.now - start >= .milliseconds(300))
            #expect(clock.now - start < .seconds(4))
            #expect(await actor.requestsInFlight == 0)
        }
        await peer.stop()
    }

    @Test func `a stream that ends after its answer keeps its connection`() async throws {
        let end = TCPPeerStep.drip(Array("0\r\n\r\n".utf8), every: .milliseconds(1))
        let peer = try TCPPeer { _ in [Self.head, .chunk("data: answer\n\n"), end] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), drainTimeout: .seconds(10))
            for number in 1...5 {
                let ended = try await actor.ping(Self.inspected, to: options, completeWhen: Self.isComplete)
                #expect(ended.text == "data: answer\n\n")
                #expect(ended.newConnection == (number == 1))
                // A plain request on the only handle that is free then has to wait for no drain.
                await actor.untilDrained()
            }
        }
        #expect(peer.connectionCount == 1)
        await peer.stop()
    }

    @Test func `a draining stream gives way to a request when all connections are in use`() async throws {
        let peer = try TCPPeer { _ in [Self.head, .chunk("data: answer\n\n"), .hang] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), maxConnections: 1, drainTimeout: .seconds(50))
            for _ in 1...3 {
                let ended = try await actor.ping(Self.inspected, to: options, completeWhen: Self.isComplete)
                #expect(ended.error == nil)
            }
            await peer.waitForDisconnections(2)
        }
        #expect(peer.connectionCount == 3)
        await peer.stop()
    }

    @Test func `what follows an answer is dropped and does not go on for long`() async throws {
        let peer = try TCPPeer { _ in
            [.respondHead(), .text("data: answer\n\n"), .repeatForever(Array(repeating: 0x61, count: 1000))]
        }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), drainTimeout: .seconds(50))
            let ended = try await actor.ping(Self.inspected, to: options, completeWhen: Self.isComplete)
            #expect(ended.error == nil)
            #expect(ended.answeredEarly)
            let start = ContinuousClock.now
            await peer.waitForDisconnections(1)
            #expect(start.duration(to: .now) < .seconds(10))
        }
        await peer.stop()
    }

    @Test func `without inspection a stream lasts until its end`() async throws {
        let peer = try TCPPeer { _ in [Self.head, .chunk("data: answer\n\n"), .chunk("data: more\n\n"), .chunk("")] }
        try await TransferActor.run { actor in
            let ended = try await actor.ping(to: EndpointOptions(url: peer.url()), completeWhen: Self.isComplete)
            #expect(!ended.answeredEarly)
            #expect(ended.text == "data: answer\n\ndata: more\n\n")
        }
        await peer.stop()
    }

    @Test func `a stream that breaks before its answer is a failure`() async throws {
        let peer = try TCPPeer { _ in [Self.head, .chunk("data: 1\n\n"), .close] }
        try await TransferActor.run { actor in
            let ended = try await actor.ping(
                Self.inspected,
                to: EndpointOptions(url: peer.url()),
                completeWhen: Self.isComplete
            )
            #expect(ended.error?.curlCode == 18)
            #expect(!ended.answeredEarly)
        }
        await peer.stop()
    }

    @Test func `a request of the control plane decides for itself when its answer is complete`() async throws {
        let peer = try TCPPeer { _ in [Self.head, .chunk("data: answer\n\n"), .hang] }
        try await TransferActor.run { actor in
            let request = Request(head: TransferActor.patient) { partial, _ in
                Self.isComplete(partial.body) && partial.status == 200
            }
            let response = try await actor.send(request, to: EndpointOptions(url: peer.url()))
            #expect(response.answeredEarly)
            #expect(response.body == Array("data: answer\n\n".utf8))
        }
        await peer.stop()
    }
}
