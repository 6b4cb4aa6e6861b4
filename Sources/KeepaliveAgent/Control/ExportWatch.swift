// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import Locking
import OTLPExport
import Telemetry

/// Remembers which signals the collector does not take at the moment.
final class ExportWatch: Sendable {
    private let failing = Locked<Set<Signal>>([])

    /// Takes in a change.
    func observe(_ change: ExportChange) {
        switch change.kind {
        case .failing: failing.withLock { _ = $0.insert(change.signal) }
        case .recovered: failing.withLock { _ = $0.remove(change.signal) }
        case .partial, .spool: break
        }
    }

    /// How the export is doing; `pipeline` is nil when nothing is exported.
    func view(of pipeline: ExportPipeline?) -> TelemetryView {
        guard let pipeline else { return TelemetryView(state: .off) }
        let statistics = Signal.allCases.map { pipeline.statistics(of: $0) }
        let lastSuccess = statistics.map(\.lastSuccess).max() ?? 0
        let failing = failing.withLock { $0 }
        // Of those that fail, if any do: that is the one to be looked at.
        let shown = Signal.allCases.filter { failing.isEmpty || failing.contains($0) }
        return TelemetryView(
            state: !failing.isEmpty ? .failing : lastSuccess > 0 ? .ok : .waiting,
            endpoint: shown.lazy.compactMap { pipeline.endpoints[$0] }.first,
            lastSuccess: lastSuccess > 0 ? Date(timeIntervalSince1970: Double(lastSuccess) / 1e9) : nil,
            dropped: statistics.reduce(0) { $0 + $1.failedTotal + $1.droppedTotal }
        )
    }
}
