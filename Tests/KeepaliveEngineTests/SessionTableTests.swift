// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct SessionTableTests {
    private func insert(_ table: inout SessionTable) -> SessionHandle {
        table.insert(backend: 0, state: .live, flags: [], at: .zero)
    }

    @Test func `a record is small`() {
        #expect(MemoryLayout<SessionRecord>.stride <= 64)
    }

    @Test func `an index is used again under another generation`() {
        var table = SessionTable()
        let first = insert(&table)
        let second = insert(&table)
        #expect(table.index(of: first) == 0)
        #expect(table.index(of: second) == 1)
        table.remove(0)
        #expect(table.index(of: first) == nil)
        #expect(table.count == 1)
        let third = insert(&table)
        #expect(third.index == first.index)
        #expect(third.generation != first.generation)
        #expect(table.index(of: first) == nil)
        #expect(table.index(of: third) == 0)
        #expect(table.handle(at: 0) == third)
    }

    @Test func `handles that were never given out are stale`() {
        var table = SessionTable()
        let handle = insert(&table)
        table.remove(0)
        #expect(table.index(of: SessionHandle(index: 0, generation: handle.generation + 1)) == nil)
        #expect(table.index(of: SessionHandle(index: 7, generation: 1)) == nil)
        #expect(table.index(of: SessionHandle(index: -1, generation: 1)) == nil)
    }

    @Test func `freed records are used before new ones`() {
        var table = SessionTable()
        for _ in 0..<10 { _ = insert(&table) }
        for index in 2..<8 { table.remove(index) }
        for _ in 0..<6 { _ = insert(&table) }
        #expect(table.records.count == 10)
        #expect(table.count == 10)
    }

    @Test func `the queue is first in, first out, and loses members from anywhere`() {
        var table = SessionTable()
        for _ in 0..<5 { _ = insert(&table) }
        var queue = SessionQueue()
        for index in 0..<5 { queue.append(index, in: &table) }
        queue.remove(2, in: &table)
        queue.remove(0, in: &table)
        queue.remove(4, in: &table)
        #expect(queue.count == 2)
        queue.append(0, in: &table)
        var order: [Int] = []
        while let index = queue.popFirst(in: &table) { order.append(index) }
        #expect(order == [1, 3, 0])
        #expect(queue.isEmpty)
        #expect(queue.count == 0)
    }
}
