// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import Testing

@testable import KeepaliveAgent

@Suite struct WebhookBatchTests {
    private struct Document: Decodable {
        let events: [AgentEvent]
    }

    private func excerpt(_ count: Int, after number: UInt64 = 0, capacity: Int = 1000, key: String = "mine") throws
        -> EventExcerpt
    {
        var ring = EventRing(capacity: capacity, epoch: "z")
        for second in 0..<count {
            var event = AgentEvent(kind: .lost, time: Date(timeIntervalSince1970: Double(second)), backend: "alpha")
            event.key = key
            _ = ring.append(event)
        }
        return ring.excerpt(after: number, limit: 500)
    }

    private func events(_ batch: WebhookBatch) throws -> [AgentEvent] {
        try ControlJSON.decode(Document.self, from: Data(batch.body)).events
    }

    @Test func `it has the events of the stream, in order`() throws {
        let excerpt = try excerpt(5, after: 2)
        let batch = try WebhookBatch(excerpt, isAfterGap: false)
        #expect(try events(batch) == excerpt.events && batch.end == 5)
        #expect(try events(batch).map(\.id) == ["z-3", "z-4", "z-5"])
    }

    @Test func `after a gap a reset comes first, by the id of the last event that is missing`() throws {
        let excerpt = try excerpt(12, after: 2, capacity: 4)
        #expect(excerpt.missed == 6 && excerpt.start == 8)
        let batch = try WebhookBatch(excerpt, isAfterGap: true)
        let events = try events(batch)
        #expect(events.map(\.id) == ["z-8", "z-9", "z-10", "z-11", "z-12"] && batch.end == 12)
        #expect(events.map(\.kind) == [.reset, .lost, .lost, .lost, .lost])
    }

    @Test func `it has 100 events at most`() throws {
        let batch = try WebhookBatch(try excerpt(150), isAfterGap: true)
        #expect(try events(batch).count == 101 && batch.end == 100)
    }

    @Test func `it has 64 KiB at most, and one event in any case`() throws {
        let many = try excerpt(100, key: String(repeating: "k", count: 1000))
        let batch = try WebhookBatch(many, isAfterGap: false)
        #expect(batch.body.count <= 65_536 && batch.body.count > 64_000)
        #expect(try events(batch) == Array(many.events.prefix(Int(batch.end))))
        let large = try WebhookBatch(try excerpt(2, key: String(repeating: "k", count: 70_000)), isAfterGap: true)
        #expect(try events(large).count == 2 && large.end == 1)
    }

    @Test(arguments: [0 as UInt64, 3, 5, 6, 99])
    func `nothing is made up where there is nothing`(number: UInt64) throws {
        let nothing = EventRing(capacity: 4, epoch: "z").excerpt(after: number, limit: 10)
        #expect(nothing.events.isEmpty && nothing.missed == 0)
        let some = try excerpt(5, after: number, capacity: 10)
        #expect(some.events.count == max(0, 5 - Int(number)) && some.missed == 0)
    }
}
