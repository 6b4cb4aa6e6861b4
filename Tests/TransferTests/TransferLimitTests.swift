// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Testing
import Transfer

/// Many requests at once, and too many.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferLimitTests {
    @Test func `no more connections are made than allowed`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), maxConnections: 4)
            var tags: [UInt64] = []
            for _ in 0..<10 { tags.append(try await actor.start(to: options)) }
            for tag in tags[4...] {
                let error = try #require(await actor.outcome(tag).error)
                #expect(error.osError == ENOBUFS)
                #expect(!error.cancelled)
            }
            #expect(await actor.requestsInFlight == 4)
            await peer.waitForRequests(4)
            for tag in tags[..<4] { await actor.abort(tag) }
            for tag in tags[..<4] { #expect(await actor.outcome(tag).error == .cancelled) }
            #expect(await actor.requestsInFlight == 0)
        }
        #expect(peer.connectionCount == 4)
        await peer.stop()
    }

    @Test(arguments: [false, true])
    func `a request may be started while an outcome with the last connection is handed over`(_ inspects: Bool)
        async throws
    {
        let peer = try TCPPeer { _ in
            inspects ? [.respondHead(), .text("answer"), .hang] : [.respond(body: Array("answer".utf8))]
        }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), maxConnections: 1, drainTimeout: .seconds(50))
            let head = RequestHead(timeout: .seconds(50), inspects: inspects)
            try await actor.duringNextHandover({ $0.start(head, on: $1, tag: 77) { _ in } }, of: options)
            let first = try await actor.ping(head, to: options, completeWhen: { _ in true })
            #expect(first.text == "answer")
            let second = await actor.outcome(77)
            #expect(second.error == nil)
            #expect(second.text == "answer")
            #expect(await actor.streamsDraining == (inspects ? 1 : 0))
            await peer.waitForDisconnections(inspects ? 1 : 0)
        }
        #expect(peer.connectionCount == (inspects ? 2 : 1))
        await peer.stop()
    }

    @Test func `five hundred requests at once share one thread`() async throws {
        let gate = Gate(count: 500)
        let peer = try TCPPeer { _ in
            // Nobody is answered before everybody has asked.
            gate.arriveAndWait()
            return [.respond(json: "{}")]
        }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), maxConnections: 500)
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<500 {
                    group.addTask {
                        let request = Request(head: TransferActor.patient, body: Array("\(number)".utf8))
                        return try await actor.send(request, to: options).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 500))
        }
        #expect(peer.connectionCount == 500)
        #expect(Set(peer.requests.map(\.text)).count == 500)
        await peer.stop()
    }

    @Test func `a hanging destination takes nothing from another`() async throws {
        let hanging = try TCPPeer { _ in [.hang] }
        let healthy = try TCPPeer { _ in [.respond(json: "{}")] }
        try await TransferActor.run { actor in
            let bad = EndpointOptions(url: hanging.url(), maxConnections: 64)
            for _ in 0..<64 { _ = try await actor.start(to: bad) }
            await hanging.waitForRequests(64)
            let clock = ContinuousClock()
            // The best of a few, because the machine may be busy with something else.
            var fastest = Duration.seconds(60)
            for _ in 0..<5 {
                let start = clock.now
                for _ in 0..<20 {
                    #expect(try await actor.ping(to: EndpointOptions(url: healthy.url())).error == nil)
                }
                fastest = min(fastest, clock.now - start)
            }
            #expect(fastest < .seconds(1))
            #expect(await actor.requestsInFlight == 64)
        }
        await hanging.stop()
        await healthy.stop()
    }

    @Test func `a connection is idle for the next request although its burst is over`() async throws {
        let gate = Gate(count: 20)
        let peer = try TCPPeer { request in
            if request.number == 1 { gate.arriveAndWait() }
            return [.respond()]
        }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), maxConnections: 20)
            for _ in 0..<5 {
                var tags: [UInt64] = []
                for _ in 0..<20 { tags.append(try await actor.start(to: options)) }
                for tag in tags { #expect(await actor.outcome(tag).error == nil) }
            }
        }
        #expect(peer.connectionCount == 20)
        await peer.stop()
    }

    @Test func `a lack of file descriptors is visible`() async throws {
        await #expect(processExitsWith: .success) {
            try await TransferActor.run { actor in
                var limit = rlimit()
                unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                // Below what is open already, so that no socket can be made any more.
                limit.rlim_cur = 3
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let ended = try await actor.ping(to: EndpointOptions(url: "http://127.0.0.1:9/"))
                let error = try #require(ended.error)
                #expect(error.curlCode == 7)
                #expect(error.osError == EMFILE)
                #expect(error.description.contains("raise the limit of open files"))
            }
        }
    }
}
