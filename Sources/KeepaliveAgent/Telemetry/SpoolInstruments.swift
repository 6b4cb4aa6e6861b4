// SPDX-License-Identifier: Apache-2.0

package import OTLPExport
package import Telemetry

/// The state of the telemetry spool, read from the pipeline at each collection.
package enum SpoolInstruments {
    /// Registers them, where there is a spool, for the signals that go into it.
    package static func register(on meter: Meter, for pipeline: ExportPipeline) {
        guard pipeline.configuration.spool != nil else { return }
        let signals = [Signal.traces, .logs].filter { pipeline.configuration[$0] != nil }
        // Weak, because the pipeline holds the meter.
        meter.observe(Catalog.spoolSize) { [weak pipeline] observations in
            guard let pipeline else { return }
            for signal in signals {
                let bytes = pipeline.spoolStatistics(of: signal).bytes
                observations.observe(Int64(bytes), for: attributes(signal))
            }
        }
        meter.observe(Catalog.spoolDropped) { [weak pipeline] observations in
            guard let pipeline else { return }
            for signal in signals {
                let statistics = pipeline.spoolStatistics(of: signal)
                // Zeros, too: a series that is born with the first loss does not show it to increase().
                for reason in SpoolDropReason.allCases {
                    let count = Int64(clamping: statistics.dropped[reason, default: 0])
                    observations.observe(count, for: attributes(signal, reason))
                }
            }
        }
    }

    private static func attributes(_ signal: Signal, _ reason: SpoolDropReason? = nil) -> AttributeSet {
        let signal = Attribute("signal", .string(signal.rawValue))
        return AttributeSet([signal] + (reason.map { [Attribute("reason", .string($0.rawValue))] } ?? []))
    }
}
