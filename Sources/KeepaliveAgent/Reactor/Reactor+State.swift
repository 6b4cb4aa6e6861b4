// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
package import KeepaliveEngine
import Telemetry

extension Reactor {
    /// Brings all gauges up to date; to be called before metrics are collected.
    package func updateGauges() {
        let moment = BackendStateInstruments.Moment(now: clock.now(), unixNanoseconds: clock.unixNanoseconds())
        let outlooks = engine.outlooks
        for index in indices.values {
            series[Int(index)].state.set(
                engine.status(of: index),
                nextDue: outlooks[Int(index)].nextDue,
                oldestSuccess: outlooks[Int(index)].oldestSuccess,
                at: moment
            )
        }
        instruments.heartbeat.set(isStopping ? 0 : moment.unixSeconds(lastTurn))
    }

    /// How the keepalive of a backend is doing.
    package func status(of backend: BackendIndex) -> BackendStatus {
        engine.status(of: backend)
    }

    /// The sessions of a backend.
    package func sessions(of backend: BackendIndex) -> [SessionHandle] {
        sessions.handles(on: backend)
    }
}
