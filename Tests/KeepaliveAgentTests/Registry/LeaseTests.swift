// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@testable import KeepaliveAgent

@Suite struct LeaseTests {
    private let start = Tick(milliseconds: 1_000_000)

    private func lease(endsAt: Tick = .never, maxIdle: Duration? = nil) -> Lease {
        Lease(for: .seconds(60), endsAt: endsAt, lastUse: start, maxIdle: maxIdle, at: start)
    }

    @Test func `it ends when it is not renewed, to the millisecond`() {
        var lease = lease()
        #expect(lease.ended(at: start + .milliseconds(59_999)) == nil)
        #expect(lease.ended(at: start + .seconds(60)) == .leaseExpired)
        lease.renew(for: nil, lastUse: nil, at: start + .seconds(50))
        #expect(lease.ended(at: start + .milliseconds(109_999)) == nil && lease.deadline == start + .seconds(110))
        lease.renew(for: .seconds(5), lastUse: nil, at: start + .seconds(60))
        #expect(lease.ended(at: start + .seconds(65)) == .leaseExpired)
        lease.renew(for: nil, lastUse: nil, at: start + .seconds(65))
        #expect(lease.deadline == start + .seconds(70), "the length that was given last stays")
    }

    @Test func `its lifetime ends however often it is renewed`() {
        var lease = lease(endsAt: start + .seconds(100))
        lease.renew(for: .seconds(1000), lastUse: nil, at: start + .seconds(50))
        #expect(lease.deadline == start + .seconds(100))
        #expect(lease.ended(at: start + .seconds(100)) == .lifetimeEnded)
    }

    @Test func `it ends when its owner does not use it, whatever it renews`() {
        var lease = lease(maxIdle: .seconds(30))
        lease.renew(for: nil, lastUse: nil, at: start + .seconds(20))
        #expect(lease.ended(at: start + .milliseconds(29_999)) == nil)
        #expect(lease.ended(at: start + .seconds(30)) == .idle)
        lease.renew(for: nil, lastUse: start + .seconds(20), at: start + .seconds(25))
        #expect(lease.deadline == start + .seconds(50))
        lease.renew(for: nil, lastUse: start + .seconds(10), at: start + .seconds(26))
        #expect(lease.deadline == start + .seconds(50), "older news changes nothing")
        lease.renew(for: nil, lastUse: start + .seconds(9999), at: start + .seconds(27))
        #expect(lease.deadline == start + .seconds(57), "nobody used it in the future")
    }

    @Test func `what is left of it after a restart is at most all of it`() {
        func rest(_ remaining: Duration) -> Tick {
            Lease(for: .seconds(60), remaining: remaining, endsAt: .never, lastUse: start, maxIdle: nil, at: start)
                .deadline
        }
        #expect(rest(.seconds(20)) == start + .seconds(20))
        #expect(rest(.seconds(99_999)) == start + .seconds(60))
        #expect(rest(.seconds(-5)) < start)
    }
}
