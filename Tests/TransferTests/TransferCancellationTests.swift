// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Testing
import Transfer

/// Requests that nobody wants any more.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferCancellationTests {
    private let clock = ContinuousClock()

    @Test func `canceling the task ends its request at once`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        try await TransferActor.run { actor in
            // The best of a few, because the machine may be busy with something else.
            var fastest = Duration.seconds(60)
            for number in 1...5 {
                let task = Task {
                    try await actor.send(Request(head: TransferActor.patient), to: EndpointOptions(url: peer.url()))
                }
                await peer.waitForRequests(number)
                let start = clock.now
                task.cancel()
                await #expect(throws: TransferError.cancelled) { try await task.value }
                fastest = min(fastest, clock.now - start)
                await peer.waitForDisconnections(number)
            }
            #expect(fastest < .milliseconds(100))
        }
        await peer.stop()
    }

    @Test func `a canceled task sends nothing`() async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        try await TransferActor.run { actor in
            let task = Task {
                unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
                return try await actor.send(Request(head: TransferActor.patient), to: EndpointOptions(url: peer.url()))
            }
            await #expect(throws: TransferError.cancelled) { try await task.value }
        }
        #expect(peer.connectionCount == 0)
        await peer.stop()
    }

    @Test func `aborting ends a request at once and the others go on`() async throws {
        let peer = try TCPPeer { request in request.text == "hang" ? [.hang] : [.respond()] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url())
            var fastest = Duration.seconds(60)
            for number in 1...5 {
                let hanging = try await actor.start(to: options, body: "hang")
                await peer.waitForRequests(2 * number - 1)
                let start = clock.now
                await actor.abort(hanging)
                let ended = await actor.outcome(hanging)
                fastest = min(fastest, clock.now - start)
                #expect(ended.error == .cancelled)
                #expect(ended.status == 0)
                await peer.waitForDisconnections(number)
                await actor.abort(hanging)
                #expect(try await actor.ping(to: options).status == 200)
            }
            #expect(fastest < .milliseconds(100))
        }
        await peer.stop()
    }

    @Test func `closing an endpoint ends its requests and refuses further ones`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url())
            let ping = try await actor.start(to: options)
            let response = Task { try await actor.send(Request(head: TransferActor.patient), to: options) }
            await peer.waitForRequests(2)
            try await actor.close(options)
            #expect(await actor.outcome(ping).error == .cancelled)
            await #expect(throws: TransferError.cancelled) { try await response.value }
            await peer.waitForDisconnections(2)
            let late = try await actor.ping(to: options)
            #expect(late.error?.cancelled == true)
        }
        #expect(peer.connectionCount == 2)
        await peer.stop()
    }

    @Test(arguments: [false, true])
    func `an endpoint may be closed while an outcome is handed over`(_ inspects: Bool) async throws {
        let peer = try TCPPeer { _ in [.respondHead(), .text("answer"), inspects ? .hang : .close] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url())
            try await actor.duringNextHandover({ pool, endpoint in pool.close(endpoint) }, of: options)
            let head = RequestHead(timeout: .seconds(50), inspects: inspects)
            let ended = try await actor.ping(head, to: options, completeWhen: { _ in inspects })
            #expect(ended.text == "answer")
            #expect(ended.answeredEarly == inspects)
            #expect(try await actor.ping(to: options).error?.cancelled == true)
            #expect(await actor.requestsInFlight == 0)
            await peer.waitForDisconnections(inspects ? 1 : 0)
        }
        #expect(peer.requestCount == 1)
        await peer.stop()
    }

    @Test func `an actor that is released takes its requests with it`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        let executor = try await {
            let actor = TransferActor.releasable()
            _ = try await actor.start(to: EndpointOptions(url: peer.url()))
            await peer.waitForRequests(1)
            return actor.executor
        }()
        executor.wake()
        await peer.waitForDisconnections(1)
        executor.stop()
        await peer.stop()
    }

    @Test func `stopping the executor ends waiting requests`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        try await TransferActor.run { actor in
            let response = Task {
                try await actor.send(Request(head: TransferActor.patient), to: EndpointOptions(url: peer.url()))
            }
            await peer.waitForRequests(1)
            actor.executor.stop()
            await #expect(throws: TransferError.cancelled) { try await response.value }
            await peer.waitForDisconnections(1)
            await #expect(throws: TransferError.cancelled) {
                try await actor.send(Request(head: TransferActor.patient), to: EndpointOptions(url: peer.url()))
            }
        }
        await peer.stop()
    }
}
