// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// What a pipeline tells about itself: the metrics of `SelfMetric.all`, with zero from the start.
///
/// Most of them are read from the pipeline's statistics when metrics are collected. There are no spans about exporting.
final class SelfObservation: Sendable {
    private let spans: SpanCreation
    private let logs: CounterSeries
    private let durations: [Signal: OperationDurations]
    private let collections: HistogramSeries

    init(meter: Meter, _ configuration: OTLPConfiguration, _ intake: ExportIntake) {
        spans = SpanCreation(meter.counter(SelfMetric.spansStarted))
        logs = meter.counter(SelfMetric.logsCreated).series()
        let histogram = meter.histogram(SelfMetric.operationDuration)
        var durations: [Signal: OperationDurations] = [:]
        for signal in Signal.allCases {
            guard let destination = configuration[signal] else { continue }
            let item = SelfObservedItem(signal)
            let server = ServerAddress(url: destination.url)
            let exporter = SelfObservedItem.component(item.exporterType)
                .adding([
                    Attribute("server.address", .string(server.host)),
                    Attribute("server.port", .int(Int64(server.port))),
                ])
            durations[signal] = OperationDurations(histogram, exporter: exporter)
            SelfObservation.observeExporter(item, exporter, signal, meter, intake)
            guard let type = item.processorType else { continue }
            let capacity = signal == .traces ? configuration.spanQueue.records : configuration.logQueue.records
            let processor = SelfObservedItem.component(type)
            SelfObservation.observeProcessor(item, processor, capacity: capacity, signal, meter, intake)
        }
        self.durations = durations
        collections = meter.histogram(SelfMetric.collectionDuration)
            .series(for: SelfObservedItem.component(SelfObservedItem.readerType))
    }

    /// A span was created.
    func created(_ span: Telemetry.Span) {
        spans.count(span)
    }

    /// A log record was created.
    func createdLogRecord() {
        logs.add()
    }

    /// The metrics were collected.
    func collected(in duration: Duration) {
        collections.record(duration.inSeconds)
    }

    /// An attempt ended; an operation that goes on with another one has not.
    /// - Parameter status: the HTTP status of the answer, 0 for none.
    func ended(_ outcome: ExportLane.Outcome, of signal: Signal, status: Int, duration: Duration) {
        let errorType: String?
        switch outcome {
        case .failedForNow: return
        case .delivered(_, let partial): errorType = (partial?.rejected ?? 0) > 0 ? "rejected" : nil
        case .divided: errorType = "413"
        case .dropped(_, let failure, _), .kept(let failure, _): errorType = failure.errorType
        }
        durations[signal]?.record(duration, errorType: errorType, status: status)
    }

    private static func observeExporter(
        _ item: SelfObservedItem,
        _ attributes: AttributeSet,
        _ signal: Signal,
        _ meter: Meter,
        _ intake: ExportIntake
    ) {
        meter.observe(SelfMetric.inflight(item)) {
            $0.observe(Int64(intake.statistics(of: signal).inflight), for: attributes)
        }
        let failures = ErrorSeries(attributes, SelfMetric.errorTypes)
        meter.observe(SelfMetric.exported(item)) {
            let statistics = intake.statistics(of: signal)
            $0.observe(Int64(clamping: statistics.exported), for: attributes)
            failures.observe(statistics.failed, in: &$0)
        }
    }

    private static func observeProcessor(
        _ item: SelfObservedItem,
        _ attributes: AttributeSet,
        capacity: Int,
        _ signal: Signal,
        _ meter: Meter,
        _ intake: ExportIntake
    ) {
        meter.observe(SelfMetric.queueSize(item)) {
            $0.observe(Int64(intake.statistics(of: signal).queued), for: attributes)
        }
        meter.observe(SelfMetric.queueCapacity(item)) { $0.observe(Int64(capacity), for: attributes) }
        let drops = ErrorSeries(attributes, SelfMetric.dropTypes)
        meter.observe(SelfMetric.processed(item)) {
            $0.observe(Int64(clamping: intake.takenCount(of: signal)), for: attributes)
            drops.observe(intake.statistics(of: signal).dropped, in: &$0)
        }
    }
}
