// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Takes over the idle TTL that a backend advertised. Where that shortens the interval, the sessions whose timers
    /// were armed for the longer one are spread over the new one: at most once per interval, so that a backend that
    /// keeps changing its mind costs little.
    mutating func advertise(_ ttl: Duration, _ backend: Int, _ turn: inout Turn) {
        let before = backends[backend].cadence.interval
        guard backends[backend].cadence.advertise(ttl) else { return }
        let interval = backends[backend].cadence.interval
        turn.emit(.ttlAdvertised(backend: BackendIndex(backend), ttl: ttl, interval: interval))
        let isRecent = backends[backend].lastRearmed.map { turn.now < $0 + interval } ?? false
        guard interval < before, !isRecent else { return }
        rearm(backend, &turn)
    }

    /// Spreads the sessions whose timers were armed for a longer interval over the one of now.
    mutating func rearm(_ backend: Int, _ turn: inout Turn) {
        backends[backend].lastRearmed = turn.now
        let interval = backends[backend].cadence.interval
        for index in sessions.records.indices where sessions.isLive(index) {
            let record = sessions.records[index]
            guard Int(record.backend) == backend, record.state == .live, record.place == .timer,
                record.flags.isDisjoint(with: [.paused, .recheck, .backlog]), record.due > turn.now + interval
            else { continue }
            armFirst(index, &turn)
            if record.flags.contains(.touched) { sessions.records[index].flags.insert(.touched) }
        }
    }
}
