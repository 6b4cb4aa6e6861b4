// SPDX-License-Identifier: Apache-2.0

public import CoreMetrics
internal import Locking
public import Telemetry

/// Makes OpenTelemetry metrics of what swift-metrics records.
///
/// | swift-metrics | OTLP |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | monotonic sum |
/// | `Meter`, `Gauge` | gauge |
/// | `Recorder` | histogram |
/// | `Timer` | histogram in seconds |
///
/// Labels are metric names; characters that OpenTelemetry does not allow become underscores. Give the factory a meter of its
/// own: a name that exists there already as another kind of instrument is a programming error. Two kinds of metric with
/// one label, which swift-metrics allows, are not: the second one is reported and not exported.
public struct OTLPMetricsFactory: MetricsFactory {
    private struct State: Sendable {
        /// What is known by that name; names are compared without regard to case.
        var known: [String: (name: String, kind: BridgedKind)] = [:]
        var reported: Set<String> = []
        var tables: [String: NumberCellTable] = [:]
        var uses: [SeriesUse: Int] = [:]
    }

    private let meter: Telemetry.Meter
    private let options: MetricsBridgeOptions
    private let state = Locked(State())

    /// A factory whose metrics are those of the meter.
    public init(_ meter: Telemetry.Meter, options: MetricsBridgeOptions = MetricsBridgeOptions()) {
        self.meter = meter
        self.options = options
    }

    // MARK: Making

    /// A counter of whole numbers. What is negative is ignored, and so is `reset`.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let handler: CounterBridge? = make(label, .counter) { name, _ in
            let series = counter(name, label).series(for: AttributeSet(dimensions: dimensions))
            return CounterBridge(SeriesUse(name: name, kind: .counter, attributes: series.attributes), series)
        }
        return handler ?? NOOPMetricsHandler.instance
    }

    /// A counter of floating-point numbers. What is negative is ignored, and so is `reset`.
    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        let handler: FloatingPointCounterBridge? = make(label, .floatingPointCounter) { name, state in
            let cell = table(name, label, .floatingPointCounter, &state).cell(for: AttributeSet(dimensions: dimensions))
            let use = SeriesUse(name: name, kind: .floatingPointCounter, attributes: cell.attributes)
            return FloatingPointCounterBridge(use, cell)
        }
        return handler ?? NOOPMetricsHandler.instance
    }

    /// A number that is set, or goes up and down.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// A distribution or, when it does not aggregate, the last value.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return gauge(label, dimensions) ?? NOOPMetricsHandler.instance }
        return histogram(label, dimensions, .recorder, unit: options.units[label] ?? "", options.recorderBounds)
            ?? NOOPMetricsHandler.instance
    }

    /// A distribution of durations, in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, .timer, unit: "s", options.timerBounds) ?? NOOPMetricsHandler.instance
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeBridge? {
        make(label, .gauge) { name, state in
            let cell = table(name, label, .gauge, &state).cell(for: AttributeSet(dimensions: dimensions))
            return GaugeBridge(SeriesUse(name: name, kind: .gauge, attributes: cell.attributes), cell)
        }
    }

    private func histogram(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: BridgedKind,
        unit: String,
        _ bounds: HistogramBounds
    ) -> HistogramBridge? {
        make(label, kind) { name, _ in
            let series = histogram(name, label, unit: unit, bounds).series(for: AttributeSet(dimensions: dimensions))
            return HistogramBridge(SeriesUse(name: name, kind: kind, attributes: series.attributes), series)
        }
    }

    /// Makes a handler and counts that its series is used; nil when the label belongs to a metric of another kind.
    private func make<Handler: BridgeHandler & Sendable>(
        _ label: String,
        _ kind: BridgedKind,
        _ body: (String, inout State) -> Handler
    ) -> Handler? {
        let name = MetricName.valid(label)
        let (handler, problem): (Handler?, String?) = state.withLock { state in
            let known = state.known[name.lowercased(), default: (name, kind)]
            guard known.kind == kind else {
                let isNew = state.reported.insert("\(known.name) \(kind)").inserted
                let problem =
                    "the \(kind.rawValue) \(label) is not exported: there is a \(known.kind.rawValue) of that name"
                return (nil, isNew ? problem : nil)
            }
            state.known[name.lowercased()] = known
            let handler = body(known.name, &state)
            state.uses[handler.use, default: 0] += 1
            return (handler, nil)
        }
        if let problem { options.onProblem(problem) }
        return handler
    }

    // MARK: Instruments

    private func counter(_ name: String, _ label: String) -> Telemetry.Counter {
        meter.counter(name, unit: options.units[label] ?? "", description: options.descriptions[label] ?? "")
    }

    private func histogram(_ name: String, _ label: String, unit: String, _ bounds: HistogramBounds) -> Histogram {
        meter.histogram(
            name,
            unit: unit,
            description: options.descriptions[label] ?? "",
            bounds: options.bounds[label] ?? bounds
        )
    }

    /// The cells of a metric, registered with the meter the first time.
    private func table(_ name: String, _ label: String, _ kind: BridgedKind, _ state: inout State) -> NumberCellTable {
        if let known = state.tables[name] { return known }
        let table = NumberCellTable(limit: meter.cardinalityLimit)
        state.tables[name] = table
        let unit = options.units[label] ?? ""
        let description = options.descriptions[label] ?? ""
        if kind == .gauge {
            meter.observableGauge(name, unit: unit, description: description) { table.observe(into: &$0) }
        } else {
            meter.observableCounter(name, unit: unit, description: description) { table.observe(into: &$0) }
        }
        return table
    }

    // MARK: Destroying

    /// Stops exporting the counter's series once nobody else uses it.
    public func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }

    /// Stops exporting the counter's series once nobody else uses it.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }

    /// Stops exporting the meter's series once nobody else uses it.
    public func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }

    /// Stops exporting the recorder's series once nobody else uses it.
    public func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }

    /// Stops exporting the timer's series once nobody else uses it.
    public func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }

    private func destroy(_ handler: AnyObject) {
        guard let use = (handler as? any BridgeHandler)?.use else { return }
        state.withLock { state in
            guard let count = state.uses[use] else { return }
            guard count == 1 else {
                state.uses[use] = count - 1
                return
            }
            state.uses[use] = nil
            // Asking the meter again for what exists gives the same instrument.
            switch use.kind {
            case .counter: meter.counter(use.name).removeSeries(for: use.attributes)
            case .floatingPointCounter, .gauge: state.tables[use.name]?.remove(use.attributes)
            case .recorder, .timer: meter.histogram(use.name, bounds: []).removeSeries(for: use.attributes)
            }
        }
    }
}

extension AttributeSet {
    fileprivate init(dimensions: [(String, String)]) {
        self.init(dimensions.map { Attribute($0.0, .string($0.1)) })
    }
}
