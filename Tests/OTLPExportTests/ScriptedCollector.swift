// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Telemetry

@testable import OTLPExport

/// A collector whose answers are scripted and a pipeline that exports to it, only on request unless told otherwise.
struct ScriptedCollector {
    static let scope = InstrumentationScope(name: "tests")
    static let okay = TCPPeerStep.respond(json: "{}")

    /// A port below 1024 on which nothing listens.
    static let refusingURL = "http://127.0.0.1:1/v1/traces"

    let peer: TCPPeer
    let pipeline: ExportPipeline
    let meter = Meter(scope: ScriptedCollector.scope, startTime: 1)
    /// What the pipeline told.
    let changes = Recorder<[ExportChange.Kind]>([])
    /// What its spool has of spans.
    let spool = Recorder(SpoolStatistics())

    /// Exports the given signals.
    init(
        _ signals: Set<Signal> = [.traces],
        observesItself: Bool = false,
        script: @escaping @Sendable (TCPPeerRequest) -> [TCPPeerStep] = { _ in [ScriptedCollector.okay] },
        configure: (inout OTLPConfiguration) -> Void = { _ in },
        now: @escaping @Sendable () -> UInt64 = SystemTime.nanoseconds
    ) throws {
        peer = try TCPPeer(script)
        var configuration = OTLPConfiguration(endpoint: peer.url(""))
        for signal in Signal.allCases where !signals.contains(signal) { configuration[signal] = nil }
        configuration.resource = Resource(["service.name": "tests"])
        configuration.metricInterval = .seconds(3600)
        configuration.spanQueue.delay = .seconds(3600)
        configuration.logQueue.delay = .seconds(3600)
        configuration.retry.initialBackoff = .milliseconds(1)
        configuration.updateDestinations { $0.proxy = .none }
        configure(&configuration)
        pipeline = try ExportPipeline(
            configuration,
            metrics: { [meter] time in [meter.collect(at: time)] },
            observer: { [changes] change in changes.change { $0.append(change.kind) } },
            now: now,
            selfMeter: observesItself ? meter : nil
        )
        pipeline.spool?.watch { [weak pipeline, spool] in
            guard let statistics = pipeline?.spoolStatistics(of: .traces) else { return }
            spool.change { $0 = statistics }
        }
    }

    /// Ends the pipeline, then the collector.
    func stop() async {
        await pipeline.shutdown(within: .milliseconds(200))
        await peer.stop()
    }

    func span(_ name: String = "s") -> Telemetry.Span {
        Span(
            scope: ScriptedCollector.scope,
            context: SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3)),
            name: name,
            start: 1,
            end: 2
        )
    }

    func enqueue(spans count: Int) {
        for index in 0..<count { pipeline.enqueue(span("span \(index)")) }
    }

    /// The body of a request as text, inflated where it is compressed.
    static func text(_ request: TCPPeerRequest) throws -> String {
        guard request.header("content-encoding") == "gzip" else { return request.text }
        return String(decoding: try Gzip.inflate(request.body, limit: 1 << 24), as: UTF8.self)
    }

    var traces: ExportStatistics { pipeline.statistics(of: .traces) }
}
