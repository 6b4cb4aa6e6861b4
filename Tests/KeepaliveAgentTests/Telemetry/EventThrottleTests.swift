// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@testable import KeepaliveAgent

@Suite struct EventThrottleTests {
    private let start = Tick(milliseconds: 1000)
    private var throttle = EventThrottle()

    private mutating func admitted(_ count: Int, _ event: Catalog.EventName = .sessionLost, at now: Tick) -> Int {
        (0..<count).count { _ in throttle.admits(event, of: 1, at: now) }
    }

    @Test mutating func `lets a few through and counts the rest`() {
        let first = admitted(60, at: start)
        #expect(first == 50)
        #expect(throttle.due == start + .seconds(10))
        #expect(throttle.takeSummaries(at: start + .seconds(9)).isEmpty)
        // The window ends with its summary, so that nothing is told before what came first.
        let late = admitted(3, at: start + .seconds(11))
        #expect(late == 0)
        let key = EventThrottle.Key(event: .sessionLost, backend: 1)
        let summaries = throttle.takeSummaries(at: start + .seconds(11))
        #expect(summaries == [.init(key: key, count: 13, within: .seconds(11))])
        #expect(throttle.due == .never)
        let next = admitted(1, at: start + .seconds(12))
        #expect(next == 1)
    }

    @Test mutating func `limits each event of each backend by itself`() {
        let lost = admitted(50, at: start)
        #expect(lost == 50)
        let opened = admitted(50, .sessionOpened, at: start)
        #expect(opened == 50)
        let (other, same) = (throttle.admits(.sessionLost, of: 2, at: start), admitted(1, at: start))
        #expect((other, same) == (true, 0))
        let summaries = throttle.takeSummaries(at: start, all: true)
        #expect(summaries.map(\.count) == [1])
    }

    @Test mutating func `has nothing to say where there were few`() {
        let count6 = admitted(49, at: start)
        #expect(count6 == 49)
        let count7 = admitted(49, at: start + .seconds(10))
        #expect(count7 == 49)
        #expect(throttle.takeSummaries(at: start + .seconds(60), all: true).isEmpty)
        #expect(throttle.due == .never)
    }
}
