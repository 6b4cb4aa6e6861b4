// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorConsole
import Testing

@Suite struct ShortTimeTests {
    @Test(
        arguments: [
            (0, "0s"), (-5, "0s"), (.infinity, "0s"), (.nan, "0s"), (0.0001, "1ms"), (0.45, "450ms"), (1, "1s"),
            (99.4, "99s"),
            (99.5, "2m"), (240, "4m"), (3569, "59m"), (3570, "1h"), (8040, "2h 14m"), (86_369, "23h 59m"),
            (86_370, "1d"),
            (273_600, "3d 4h"), (1e300, "115740740d 18h"),
        ] as [(Double, String)]
    )
    func `a span has units and is no more exact than helps`(seconds: Double, text: String) {
        #expect(ShortTime.span(seconds) == text)
    }

    @Test(
        arguments: [
            (0, "0ms"), (0.42, "0.42ms"), (0.994, "0.99ms"), (0.996, "1ms"), (2.4, "2.4ms"), (3.04, "3ms"),
            (99.94, "99.9ms"),
            (99.95, "100ms"), (312.4, "312ms"), (1234, "1.2s"), (99_499, "99.5s"), (120_000, "2m"), (-1, "—"),
            (.nan, "—"),
        ] as [(Double, String)]
    )
    func `a latency is told in the unit that fits it`(milliseconds: Double, text: String) {
        #expect(ShortTime.latency(milliseconds) == text)
    }

    @Test func `what is due, and what is not over by a clock that differs, is now`() {
        let now = Samples.now
        #expect(ShortTime.until(Samples.at(240), from: now) == "in 4m")
        #expect(ShortTime.until(Samples.at(0.4), from: now) == "now")
        #expect(ShortTime.until(Samples.at(-60), from: now) == "now")
        #expect(ShortTime.since(Samples.at(-60), to: now) == "60s ago")
        #expect(ShortTime.since(Samples.at(-0.9), to: now) == "now")
        #expect(ShortTime.since(Samples.at(60), to: now) == "now")
    }

    @Test func `a time of day is UTC to the millisecond`() {
        #expect(ShortTime.ofDay(Samples.at(0.25)) == "08:00:00.250")
        #expect(ShortTime.ofDay(Samples.at(-1)) == "07:59:59.000")
    }
}
