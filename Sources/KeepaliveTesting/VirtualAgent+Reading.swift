// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

extension VirtualAgent {
    /// The events without their times.
    package var told: [Event] { events.map(\.value) }

    /// How many events are of a kind.
    package func count(_ isOfKind: (Event) -> Bool) -> Int {
        events.count { isOfKind($0.value) }
    }

    /// How often a due session was not called for this reason.
    package func skips(_ reason: SkipReason) -> Int {
        count { if case .skipped(_, _, reason) = $0 { true } else { false } }
    }

    /// The times at which the calls of a session started.
    package func callTimes(of session: SessionHandle) -> [Tick] {
        calls.filter { $0.value.session == session }.map(\.at)
    }

    /// The methods of all calls, in order.
    package var methods: [CallMethod] { calls.map(\.value.method) }

    /// How often the backend was disabled.
    package var disables: Int { count { if case .autoDisabled = $0 { true } else { false } } }

    /// How often the backend was enabled again.
    package var reenables: Int { count { if case .reenabled = $0 { true } else { false } } }

    /// The largest number of calls that started within one second, any second.
    package func peakPerSecond(from start: Tick = .zero) -> Int {
        let times = calls.map(\.at).filter { $0 >= start }
        var (peak, first) = (0, 0)
        for (position, time) in times.enumerated() {
            while times[first] + .seconds(1) <= time { first += 1 }
            peak = max(peak, position - first + 1)
        }
        return peak
    }
}
