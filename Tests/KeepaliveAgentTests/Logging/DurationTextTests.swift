// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Testing

struct DurationTextTests {
    @Test(arguments: [
        (Duration.zero, "0ms"),
        (.microseconds(4), "0ms"),
        (.microseconds(120), "0.12ms"),
        (.microseconds(2149), "2.1ms"),
        (.milliseconds(99), "99ms"),
        (.microseconds(99_960), "100ms"),
        (.milliseconds(999), "999ms"),
        (.microseconds(999_600), "1s"),
        (.milliseconds(1500), "1.5s"),
        (.milliseconds(1549), "1.5s"),
        (.seconds(59), "59s"),
        (.milliseconds(59_960), "1m"),
        (.seconds(60), "1m"),
        (.seconds(270), "4m30s"),
        (.seconds(300), "5m"),
        (.seconds(3600), "1h"),
        (.seconds(90_061), "1d1h1m1s"),
        (.seconds(172_800), "2d"),
        (.seconds(-300), "-5m"),
    ])
    func `durations are written as people write them`(_ duration: Duration, _ text: String) {
        #expect(duration.text == text)
    }
}
