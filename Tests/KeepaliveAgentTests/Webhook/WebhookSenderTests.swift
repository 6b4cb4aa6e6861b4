// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import Foundation
import KeepaliveTesting
import LogText
import Synchronization
import Testing

@testable import KeepaliveAgent

/// A sender against a scripted receiver, in real time: a repetition takes about 1 s.
@Suite(.timeLimit(.minutes(1))) struct WebhookSenderTests {
    private let feed = EventFeed(epoch: 35, capacity: 10)
    private let log = RecordingTelemetry()

    private func sender(
        _ peer: TCPPeer,
        headers: [HeaderConfiguration] = [],
        timeout: Duration = .seconds(10),
        readFile: FileReader = .system
    ) throws -> WebhookSender {
        var configuration = WebhookConfiguration(url: peer.url("/hook/canary?key=canary"))
        configuration.headers = headers
        let sender = try WebhookSender(
            configuration,
            feed: feed,
            log: log,
            timeout: timeout,
            seed: 1,
            environment: [:],
            readFile: readFile
        )
        sender.start()
        return sender
    }

    private func publish(_ kinds: AgentEvent.Kind...) {
        for kind in kinds {
            feed.publish(AgentEvent(kind: kind, time: Date(timeIntervalSince1970: 0), backend: "alpha"))
        }
    }

    private struct Document: Decodable {
        let events: [AgentEvent]
    }

    private func events(_ request: TCPPeerRequest) throws -> [AgentEvent] {
        try ControlJSON.decode(Document.self, from: Data(request.body)).events
    }

    /// What was said at this level or above, in order.
    private func lines(_ level: LogLevel = .info) -> [String] {
        log.record.lines.filter { $0.level.severityNumber >= level.severityNumber }.map(\.message)
    }

    /// Waits until the sender says so.
    private func wait(_ sender: WebhookSender, until condition: (WebhookView) -> Bool) async throws -> WebhookView {
        while true {
            let view = await sender.view
            if condition(view) { return view }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func `events arrive in order, with the headers, and keepalives do not`() async throws {
        let peer = try TCPPeer { _ in [.respond(status: 204)] }
        let sender = try sender(peer, headers: [.test("Authorization", "Bearer t")])
        #expect(await sender.view == WebhookView(state: .waiting, endpoint: "http://127.0.0.1:\(peer.port)"))
        publish(.lost, .keepalive, .disabled, .enabled, .released)
        let view = try await wait(sender) { $0.pending == 0 && $0.state == .ok }
        #expect(view.lastSuccess != nil && view.dropped == 0)
        let events = try peer.requests.flatMap { try self.events($0) }
        #expect(events.map(\.id) == ["z-1", "z-2", "z-3", "z-4"])
        #expect(events.map(\.kind) == [.lost, .disabled, .enabled, .released])
        for request in peer.requests {
            #expect(request.method == "POST" && request.target == "/hook/canary?key=canary")
            #expect(request.header("Content-Type") == "application/json")
            #expect(request.header("Authorization") == "Bearer t")
        }
        await sender.stop(within: .seconds(5))
        #expect(lines().isEmpty)
        await peer.stop()
    }

    @Test func `what a receiver does not take is sent again, with what came meanwhile, and told once`() async throws {
        let peer = try TCPPeer { $0.number < 3 ? [.respond(status: 503)] : [.respond()] }
        let sender = try sender(peer)
        publish(.lost)
        await peer.waitForRequests(1)
        publish(.released)
        _ = try await wait(sender) { $0.state == .failing && $0.problem == "HTTP 503" && $0.pending == 2 }
        _ = try await wait(sender) { $0.state == .ok && $0.pending == 0 && $0.problem == nil }
        let last = try #require(peer.requests.last)
        #expect(try events(last).map(\.id) == ["z-1", "z-2"])
        #expect(peer.requestCount == 3)
        await sender.stop(within: .seconds(5))
        let lines = lines()
        #expect(lines.count == 2 && lines[0].contains("does not take events: HTTP 503;"))
        #expect(lines[1].hasSuffix("takes events again") && !lines.joined().contains("canary"))
        await peer.stop()
    }

    @Test func `what a receiver refuses is dropped, and the next begins with a reset`() async throws {
        let peer = try TCPPeer { $0.number == 1 ? [.respond(status: 400)] : [.respond()] }
        let sender = try sender(peer)
        publish(.lost)
        let refused = try await wait(sender) { $0.dropped == 1 }
        #expect(refused.state == .failing && refused.pending == 0 && refused.problem == "HTTP 400")
        publish(.released)
        _ = try await wait(sender) { $0.state == .ok }
        #expect(try events(peer.requests[1]).map(\.kind) == [.reset, .released])
        #expect(try events(peer.requests[1]).map(\.id) == ["z-1", "z-2"])
        await sender.stop(within: .seconds(5))
        #expect(lines().count == 2 && lines().last?.contains("1 event was dropped") == true)
        await peer.stop()
    }

    @Test func `a redirect is not followed`() async throws {
        let other = try TCPPeer { _ in [.respond()] }
        let peer = try TCPPeer { _ in [.respond(status: 307, headers: [("Location", other.url("/"))])] }
        let sender = try sender(peer)
        publish(.lost)
        #expect(try await wait(sender) { $0.dropped == 1 }.problem?.contains("redirects are not followed") == true)
        await sender.stop(within: .seconds(5))
        #expect(other.requestCount == 0 && peer.requestCount == 1)
        await peer.stop()
        await other.stop()
    }

    @Test func `events that fell out of the ring are counted, and a reset tells of them`() async throws {
        let gate = try Gate()
        let peer = try TCPPeer { request in
            guard request.number == 1 else { return [.respond()] }
            gate.pass()
            return [.respond(status: 500)]
        }
        let sender = try sender(peer)
        publish(.lost)
        await peer.waitForRequests(1)
        for _ in 0..<12 { publish(.released) }
        gate.open()
        #expect(try await wait(sender) { $0.state == .ok && $0.pending == 0 }.dropped == 3)
        let events = try events(peer.requests[1])
        #expect(events.map(\.id) == (3...13).map { "z-\($0)" } && events.first?.kind == .reset)
        await sender.stop(within: .seconds(5))
        #expect(lines().last?.contains("3 events were dropped") == true)
        await peer.stop()
    }

    @Test func `a receiver that hangs is given up and tried again`() async throws {
        let peer = try TCPPeer { $0.connection == 1 ? [.hang] : [.respond()] }
        let sender = try sender(peer, timeout: .milliseconds(100))
        publish(.lost)
        _ = try await wait(sender) { $0.state == .ok }
        #expect(peer.connectionCount == 2 && lines(.warning).count == 1)
        await sender.stop(within: .seconds(5))
        await peer.stop()
    }

    @Test func `a credential that was replaced in its file is read again when it is refused`() async throws {
        let secret = Mutex("old")
        let readFile = FileReader { _, _ in
            .success(FileContents(bytes: Array(secret.withLock { $0 }.utf8)))
        }
        let peer = try TCPPeer { [.respond(status: $0.header("Authorization") == "Bearer new" ? 200 : 401)] }
        let headers = [try HeaderConfiguration.test("Authorization", "Bearer ${file:token}", readFile: readFile)]
        let sender = try sender(peer, headers: headers, readFile: readFile)
        publish(.lost)
        #expect(try await wait(sender) { $0.dropped == 1 }.problem == "HTTP 401")
        secret.withLock { $0 = "new" }
        publish(.released)
        _ = try await wait(sender) { $0.state == .ok }
        #expect(peer.requests.map { $0.header("Authorization") } == ["Bearer old", "Bearer old", "Bearer new"])
        #expect(!lines().joined().contains("new"))
        await sender.stop(within: .seconds(5))
        await peer.stop()
    }

    @Test func `at the end what waits is tried once, without its wait`() async throws {
        let peer = try TCPPeer { _ in [.respond(status: 503, headers: [("Retry-After", "60")])] }
        let sender = try sender(peer)
        publish(.lost)
        _ = try await wait(sender) { $0.state == .failing }
        await sender.stop(within: .seconds(30))
        #expect(peer.requestCount == 2)
        #expect(lines().last?.hasPrefix("webhook: 1 event was not taken by http://127.0.0.1") == true)
        await peer.stop()
    }

    @Test func `a receiver that hangs does not keep the agent from its end`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        let sender = try sender(peer)
        publish(.lost)
        await peer.waitForRequests(1)
        let start = ContinuousClock.now
        await sender.stop(within: .milliseconds(200))
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(lines().count == 1 && lines()[0].contains("1 event was not taken"))
        await peer.stop()
    }
}
