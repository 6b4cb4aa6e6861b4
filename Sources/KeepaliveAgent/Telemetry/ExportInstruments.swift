// SPDX-License-Identifier: Apache-2.0

package import OTLPExport
package import Telemetry

/// What the export costs: bytes and repeated requests per signal, read from the pipeline at each collection.
package enum ExportInstruments {
    /// Registers them for the signals that are exported.
    package static func register(on meter: Meter, for pipeline: ExportPipeline) {
        let series = Signal.allCases.filter { pipeline.configuration[$0] != nil }
            .map { signal in
                (
                    signal: signal,
                    raw: attributes(signal, stage: "raw"),
                    sent: attributes(signal, stage: "sent"),
                    whole: attributes(signal)
                )
            }
        // Weak, because the pipeline holds the meter.
        meter.observe(Catalog.exportPayload) { [weak pipeline] observations in
            guard let pipeline else { return }
            for series in series {
                let statistics = pipeline.statistics(of: series.signal)
                observations.observe(Int64(clamping: statistics.rawBytes), for: series.raw)
                observations.observe(Int64(clamping: statistics.sentBytes), for: series.sent)
            }
        }
        meter.observe(Catalog.exportRetries) { [weak pipeline] observations in
            guard let pipeline else { return }
            for series in series {
                observations.observe(
                    Int64(clamping: pipeline.statistics(of: series.signal).retries),
                    for: series.whole
                )
            }
        }
    }

    private static func attributes(_ signal: Signal, stage: String? = nil) -> AttributeSet {
        AttributeSet(
            [Attribute("signal", .string(signal.rawValue))] + (stage.map { [Attribute("stage", .string($0))] } ?? [])
        )
    }
}
