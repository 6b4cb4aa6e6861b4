// SPDX-License-Identifier: Apache-2.0

import Locking

/// Brings the gauges up to date before metrics are collected; made before the reactor, which needs the pipeline first.
final class GaugeSource: Sendable {
    private let reactor = Locked<Reactor?>(nil)

    /// From now on the gauges come from this reactor.
    func connect(_ reactor: Reactor) {
        self.reactor.withLock { $0 = reactor }
    }

    /// Sets all gauges.
    func update() async {
        await reactor.withLock { $0 }?.updateGauges()
    }
}
