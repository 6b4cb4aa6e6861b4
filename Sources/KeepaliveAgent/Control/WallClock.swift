// SPDX-License-Identifier: Apache-2.0

import Foundation
import KeepaliveEngine

/// Relates the monotonic clock to the wall clock, both read at one moment.
struct WallClock: Sendable {
    private let now: Tick
    private let unixSeconds: Double

    init(_ clock: AgentClock) {
        now = clock.now()
        unixSeconds = Double(clock.unixNanoseconds()) / 1e9
    }

    func date(_ tick: Tick) -> Date {
        Date(timeIntervalSince1970: unixSeconds - (now - tick).fractionalSeconds)
    }

    func date(_ tick: Tick?) -> Date? {
        guard let tick, tick != .never else { return nil }
        return date(tick) as Date
    }
}
