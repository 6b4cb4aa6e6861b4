// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct ReplayScheduleTests {
    private let start = ContinuousClock.now
    private var schedule = ReplaySchedule(retry: Retry(), spacing: .milliseconds(200))

    @Test mutating func `sends five in a second at most`() {
        #expect(schedule.step(at: start, freshIsWaiting: false) == .replay)
        schedule.began(at: start)
        let next = start + .milliseconds(200)
        #expect(schedule.step(at: start + .milliseconds(199), freshIsWaiting: false) == .wait(until: next))
        #expect(schedule.step(at: next, freshIsWaiting: false) == .replay)
    }

    @Test mutating func `lets a fresh batch go between two old ones`() {
        schedule.began(at: start)
        let later = start + .seconds(9)
        #expect(schedule.step(at: later, freshIsWaiting: true) == .wait(until: nil))
        #expect(schedule.step(at: later, freshIsWaiting: false) == .replay)
        schedule.freshBegan()
        #expect(schedule.step(at: later, freshIsWaiting: true) == .replay)
    }

    @Test mutating func `waits longer with every failure, and not any longer after a success`() {
        for (index, wait) in [1, 2, 4, 8, 16, 30, 30].enumerated() {
            schedule.failed(at: start, retryAfter: nil, random: 0.5)
            #expect(schedule.failures == index + 1)
            #expect(schedule.step(at: start, freshIsWaiting: false) == .wait(until: start + .seconds(wait)))
        }
        schedule.succeeded(at: start)
        #expect(schedule.step(at: start + .milliseconds(200), freshIsWaiting: false) == .replay)
    }

    @Test mutating func `comes again when the collector said`() {
        schedule.failed(at: start, retryAfter: .seconds(60), random: 0.5)
        #expect(schedule.step(at: start, freshIsWaiting: false) == .wait(until: start + .seconds(60)))
        schedule.failed(at: start, retryAfter: .seconds(1_000_000), random: 0.5)
        #expect(schedule.step(at: start, freshIsWaiting: false) == .wait(until: start + .seconds(3600)))
    }
}
