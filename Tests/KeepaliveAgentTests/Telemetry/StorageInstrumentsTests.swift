// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Telemetry
import Testing

@testable import KeepaliveAgent

@Suite struct StorageInstrumentsTests {
    private static let minute: Int64 = 60_000

    @Test(
        arguments: [
            (nil, nil, false), ("the disk is full", nil, true), (nil, 0, true), (nil, 15 * minute - 1, true),
            (nil, 15 * minute, false), ("the disk is full", 15 * minute, true), (nil, -1, false),
        ] as [(String?, Int64?, Bool)]
    )
    func `damage counts for a while, a problem while it lasts`(problem: String?, age: Int64?, isDegraded: Bool) {
        let now: Int64 = 1_800_000_000_000
        #expect(
            StorageInstruments.isDegraded(problem, lastDamage: age.map { now - $0 }, at: now) == isDegraded
        )
    }

    @Test func `the gauge is read anew at each collection`() throws {
        let clock = ManualClock()
        let storage = RecordingStorage()
        let meter = Meter(scope: InstrumentationScope(name: "test"), startTime: ManualClock.unixStart)
        func value() -> Double? {
            meter.collect(at: clock.agentClock.unixNanoseconds()).value("keepalive_storage_degraded")
        }
        #expect(value() == nil, "there is no storage")
        StorageInstruments.register(on: meter, for: storage, clock.agentClock)
        #expect(value() == 0)
        storage.kept.change { $0.problem = "the disk is full" }
        #expect(value() == 1)
        storage.kept.change { $0.problem = nil }
        #expect(value() == 0)
        storage.kept.change { $0.lastDamage = Int64(ManualClock.unixStart / 1_000_000) }
        #expect(value() == 1)
        clock.advance(by: .seconds(15 * 60))
        #expect(value() == 0)
    }
}
