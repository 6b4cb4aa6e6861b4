// SPDX-License-Identifier: Apache-2.0

/// The timers that a backend has; their ids in the wheel are dense.
enum BackendTimer: Int32, CaseIterable, Sendable {
    /// The one call of a disabled backend is due.
    case probe
    /// The queues have room again.
    case room
    /// The backend no longer wants to be left alone.
    case pauseEnd
    /// The time is over for which somebody disabled it by hand.
    case holdEnd
}

extension Engine {
    mutating func armBackend(_ backend: Int, _ timer: BackendTimer, at deadline: Tick) {
        // Rounded up to a slot, since the condition that it waits for must hold by then.
        backendTimers.arm(
            Int32(backend * BackendTimer.allCases.count) + timer.rawValue,
            at: deadline + .milliseconds(TimerWheel.slotWidth - 1)
        )
    }

    mutating func disarmBackend(_ backend: Int, _ timer: BackendTimer) {
        backendTimers.disarm(Int32(backend * BackendTimer.allCases.count) + timer.rawValue)
    }

    mutating func backendTimerFired(_ identifier: Int32, _ turn: inout Turn) {
        let count = Int32(BackendTimer.allCases.count)
        let backend = Int(identifier / count)
        switch BackendTimer(rawValue: identifier % count) {
        case .probe: startProbe(backend, &turn)
        case .room: drain(backend, &turn)
        case .pauseEnd: endPause(backend, &turn)
        case .holdEnd: endHold(backend, &turn)
        case nil: preconditionFailure("every timer id belongs to a kind")
        }
    }
}
