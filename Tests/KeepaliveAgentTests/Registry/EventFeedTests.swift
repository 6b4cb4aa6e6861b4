// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveEngine
import Testing

@testable import KeepaliveAgent

@Suite(.timeLimit(.minutes(1))) struct EventFeedTests {
    private func event(_ kind: AgentEvent.Kind, _ backend: String = "alpha") -> AgentEvent {
        AgentEvent(kind: kind, time: Date(timeIntervalSince1970: 0), backend: backend)
    }

    /// The next events of a subscription.
    private func take(_ count: Int, of subscription: EventSubscription) async -> [AgentEvent] {
        var events: [AgentEvent] = []
        for await event in subscription.events {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }

    @Test func `a listener gets what it asked for, from then on, with ids that count up`() async {
        let feed = EventFeed(epoch: 35, capacity: 10)
        feed.publish(event(.lost))
        let subscription = feed.subscribe(to: [.lost, .released], after: nil)
        feed.publish(event(.disabled))
        feed.publish(event(.released))
        feed.publish(event(.lost))
        let events = await take(2, of: subscription)
        #expect(events.map(\.kind) == [.released, .lost] && events.map(\.id) == ["z-3", "z-4"])
    }

    @Test func `it goes on after the last event that it has seen`() async {
        let feed = EventFeed(epoch: 35, capacity: 10)
        for kind in [AgentEvent.Kind.lost, .released, .disabled, .lost] { feed.publish(event(kind)) }
        let subscription = feed.subscribe(to: [.lost, .released], after: "z-1")
        feed.publish(event(.released))
        #expect(await take(3, of: subscription).map(\.id) == ["z-2", "z-4", "z-5"])
        #expect(await take(1, of: feed.subscribe(to: [.lost], after: "z-3")).map(\.id) == ["z-4"])
    }

    @Test(arguments: ["y-2", "z-7", "z", "z-", "", "z-1-1", "z--1", "z-99999999999999999999", "z-1"])
    func `it is told when events may be missing`(id: String) async {
        let feed = EventFeed(epoch: 35, capacity: 3)
        for _ in 0..<6 { feed.publish(event(.lost)) }
        let subscription = feed.subscribe(to: [.lost], after: id)
        feed.publish(event(.lost))
        let events = await take(2, of: subscription)
        #expect(events.map(\.kind) == [.reset, .lost] && events.map(\.id) == ["z-6", "z-7"])
    }

    @Test func `all that the ring still has can be resumed`() async {
        let feed = EventFeed(epoch: 35, capacity: 3)
        for _ in 0..<7 { feed.publish(event(.lost)) }
        #expect(await take(3, of: feed.subscribe(to: [.lost], after: "z-4")).map(\.id) == ["z-5", "z-6", "z-7"])
    }

    @Test func `single keepalives are told to whoever wants them and cannot be resumed`() async {
        let feed = EventFeed(epoch: 35, capacity: 3)
        #expect(!feed.wantsKeepalives)
        let subscription = feed.subscribe(to: [.keepalive], after: nil)
        #expect(feed.wantsKeepalives)
        feed.publish(event(.keepalive))
        #expect(await take(1, of: subscription).map(\.id) == [""])
        feed.publish(event(.lost))
        let next = feed.subscribe(to: [.lost], after: nil)
        feed.publish(event(.lost))
        #expect(await take(1, of: next).map(\.id) == ["z-2"], "a keepalive has no number")
    }

    @Test func `nothing is made of keepalives any more when the last listener went away`() async {
        let feed = EventFeed()
        let task = Task {
            for await _ in feed.subscribe(to: [.keepalive], after: nil).events {}
        }
        while !feed.wantsKeepalives { await Task.yield() }
        task.cancel()
        await task.value
        #expect(!feed.wantsKeepalives)
    }

    @Test func `a session is called by the name that its owner gave it`() async {
        let feed = EventFeed()
        let handle = SessionHandle(index: 1, generation: 1)
        feed.name(handle, SessionKey(backend: "alpha", key: "mine"))
        let subscription = feed.subscribe(to: [.lost], after: nil)
        feed.publish(event(.lost), session: handle)
        feed.forget(handle)
        feed.publish(event(.lost), session: handle)
        #expect(await take(2, of: subscription).map(\.key) == ["mine", nil])
    }

    @Test func `a listener that does not keep up is cut off, and can resume`() async {
        let feed = EventFeed(epoch: 35, capacity: 20_000)
        let slow = feed.subscribe(to: [.lost], after: nil)
        for _ in 0..<10_005 { feed.publish(event(.lost)) }
        var last = ""
        for await event in slow.events { last = event.id }
        #expect(last == "z-\(String(10_000))")
        #expect(await take(5, of: feed.subscribe(to: [.lost], after: last)).count == 5)
    }

    @Test func `all streams end with the agent`() async {
        let feed = EventFeed()
        let subscription = feed.subscribe(to: [.lost], after: nil)
        feed.finish()
        for await _ in subscription.events { Issue.record("nothing happened") }
        for await _ in feed.subscribe(to: [.lost], after: nil).events { Issue.record("nothing happened") }
    }
}
