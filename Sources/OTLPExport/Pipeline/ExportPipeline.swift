// SPDX-License-Identifier: Apache-2.0

internal import JSONText
internal import Synchronization
public import Telemetry
internal import Transfer

/// Exports spans, log records and metrics to a collector by OTLP/HTTP JSON.
///
/// It has a thread of its own, on which it encodes, compresses and sends. Recording threads only append to bounded queues.
/// Per signal one request is under way at most. Call `start` once and `shutdown` at the end.
public actor ExportPipeline {
    /// Gives the metrics at a time in nanoseconds since 1970, one snapshot per meter.
    public typealias MetricSource = @Sendable (_ now: UInt64) async -> [MetricSnapshot]

    /// What it was made with.
    public nonisolated let configuration: OTLPConfiguration

    /// Where each signal is sent to, without credentials and query.
    public nonisolated let endpoints: [Signal: String]

    nonisolated let executor = PollExecutor(name: "otlp-export")
    nonisolated let intake: ExportIntake
    /// Whether exports are made on its own accord.
    nonisolated let isExporting = Atomic<Bool>(false)
    private nonisolated let hasThread = Atomic<Bool>(false)

    let pool: TransferPool
    let exporters: [Signal: OTLPExporter]
    let metricSource: MetricSource
    let observer: ExportObserver
    let now: @Sendable () -> UInt64
    let random: @Sendable () -> Double
    /// Nil where nobody wants to know how the pipeline itself is doing.
    nonisolated let selfObservation: SelfObservation?

    var lanes = [ExportLane](repeating: ExportLane(), count: Signal.allCases.count)
    var health = [ExportHealth](repeating: ExportHealth(), count: Signal.allCases.count)
    var tasks: [Signal: Task<Void, Never>] = [:]
    var waiters: [FlushWaiter] = []
    nonisolated let spool: SpoolStore?
    var desks: [SpoolDesk]
    /// The last batch that was handed to the spool.
    var lastWrite: Task<Void, Never>?
    var replays = [SpoolReplay](repeating: .none, count: Signal.allCases.count)
    /// How often the metrics were collected.
    var collections: UInt64 = 0
    var shutdownDeadline: ContinuousClock.Instant?
    var gzip: Gzip
    var writer = JSONWriter(capacity: 1 << 16)

    /// A pipeline that does nothing until `start`.
    /// - Parameters:
    ///   - configuration: what produces the telemetry, where it goes and how.
    ///   - metrics: where metrics come from, `Meter.collect` in the simplest case.
    ///   - observer: told when exports begin to fail and when they work again. What it logs is not exported when that is
    ///     done by `TelemetryBridges`: see ``ExportReport``.
    ///   - now: the wall clock, in nanoseconds since 1970.
    ///   - random: a number in 0...1, for the waits between attempts.
    ///   - selfMeter: where the pipeline registers metrics about itself, those of `SelfMetric.all`; the metrics' source has
    ///     to collect this meter, too. Nil: there are none.
    /// - Throws: when a destination's URL, headers or the compression cannot be used.
    public init(
        _ configuration: OTLPConfiguration,
        metrics: @escaping MetricSource,
        observer: @escaping ExportObserver = { _ in },
        now: @escaping @Sendable () -> UInt64 = SystemTime.nanoseconds,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        selfMeter: Meter? = nil
    ) throws(ExportConfigurationError) {
        self.configuration = configuration
        let intake = ExportIntake(configuration)
        self.intake = intake
        selfObservation = selfMeter.map { SelfObservation(meter: $0, configuration, intake) }
        metricSource = metrics
        self.observer = { change in ExportReport.$isUnderWay.withValue(true) { observer(change) } }
        self.now = now
        self.random = random
        do throws(GzipError) {
            gzip = try Gzip(level: configuration.compressionLevel)
        } catch {
            throw ExportConfigurationError(error.description)
        }
        let pool = TransferPool(executor: executor)
        var exporters: [Signal: OTLPExporter] = [:]
        for signal in Signal.allCases {
            guard let destination = configuration[signal] else { continue }
            do throws(TransferError) {
                exporters[signal] = try OTLPExporter(signal, destination, configuration, pool: pool)
            } catch {
                throw ExportConfigurationError("\(signal.rawValue): \(error)")
            }
        }
        self.pool = pool
        self.exporters = exporters
        endpoints = exporters.mapValues(\.displayName)
        let spacing = configuration.spool?.replaySpacing ?? SpoolConfiguration.defaultReplaySpacing
        desks = Signal.allCases.map { _ in SpoolDesk(retry: configuration.retry, spacing: spacing) }
        spool = configuration.spool.map { spool in
            SpoolStore(spool, configuration, now: now) { change, signal in
                observer(ExportChange(signal: signal, kind: .spool(change), endpoint: spool.directory))
            }
        }
    }

    /// A pipeline that exports the instruments of a meter.
    public init(
        _ configuration: OTLPConfiguration,
        meter: Meter,
        observer: @escaping ExportObserver = { _ in },
        now: @escaping @Sendable () -> UInt64 = SystemTime.nanoseconds,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) throws(ExportConfigurationError) {
        try self.init(
            configuration,
            metrics: { [meter.collect(at: $0)] },
            observer: observer,
            now: now,
            random: random
        )
    }

    /// The thread that it runs on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Begins to export: the metrics at once and then periodically, spans and log records as they come. Without
    /// any destination nothing happens.
    public nonisolated func start() {
        // Nothing to do needs no thread.
        guard configuration.exports else { return }
        if !isExporting.exchange(true, ordering: .sequentiallyConsistent) { spool?.start() }
        startThread()
        executor.wake()
    }

    /// Queues a span; one that is not sampled is ignored. Never waits for I/O; when the queue is full the span is dropped and
    /// counted.
    public nonisolated func enqueue(_ span: Telemetry.Span) {
        selfObservation?.created(span)
        guard span.context.flags.contains(.sampled) else { return }
        if intake.append(span) { executor.wake() }
    }

    /// Queues a log record. Never waits for I/O; when the queue is full the record is dropped and counted.
    public nonisolated func enqueue(_ record: LogRecord) {
        selfObservation?.createdLogRecord()
        if intake.append(record) { executor.wake() }
    }

    /// What the export of a signal came to so far.
    public nonisolated func statistics(of signal: Signal) -> ExportStatistics {
        intake.statistics(of: signal)
    }

    /// Makes sure that jobs of this actor run.
    nonisolated func startThread() {
        guard !hasThread.exchange(true, ordering: .sequentiallyConsistent) else { return }
        executor.start { [self] in assumeIsolated { $0.turn() } }
    }
}
