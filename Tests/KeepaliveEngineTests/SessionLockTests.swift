// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct SessionLockTests {
    private let one = LockTicket(rawValue: 1)
    private let two = LockTicket(rawValue: 2)
    private let three = LockTicket(rawValue: 3)

    @Test func `a free lock is granted at once`() {
        var lock = SessionLock()
        #expect(lock.isFree)
        let isGranted = lock.acquire(one, isShared: false)
        #expect(isGranted)
        #expect(lock.holder == one)
        #expect(!lock.isFree)
    }

    @Test func `a shared lock is granted when the shared hold ended`() {
        var lock = SessionLock()
        let isGranted = lock.acquire(one, isShared: true)
        #expect(!isGranted)
        #expect(lock.holder == nil)
        let next = lock.grantNext()
        #expect(next == one)
        #expect(lock.holder == one)
    }

    @Test func `several who want it are served in order`() {
        var lock = SessionLock()
        for ticket in [one, two, three] { _ = lock.acquire(ticket, isShared: false) }
        #expect(lock.waiting == [two, three])
        let early = lock.grantNext()
        #expect(early == nil)
        let wasHolder = lock.release(one)
        #expect(wasHolder)
        let next = lock.grantNext()
        #expect(next == two)
        #expect(lock.waiting == [three])
    }

    @Test func `who gives the wish up is not served`() {
        var lock = SessionLock()
        for ticket in [one, two, three] { _ = lock.acquire(ticket, isShared: false) }
        let wasHolder = lock.release(two)
        #expect(!wasHolder)
        _ = lock.release(one)
        let next = lock.grantNext()
        #expect(next == three)
    }

    @Test func `asking twice is asking once`() {
        var lock = SessionLock()
        _ = lock.acquire(one, isShared: false)
        let again = lock.acquire(one, isShared: false)
        #expect(!again)
        _ = lock.acquire(two, isShared: false)
        _ = lock.acquire(two, isShared: false)
        #expect(lock.waiting == [two])
    }
}
