// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Locking
import Telemetry
import TelemetryBridges
import Testing
import Tracing

struct OTLPMetricsFactoryTests {
    private let meter: Telemetry.Meter
    private let factory: OTLPMetricsFactory
    private let problems = Locked<[String]>([])

    init() {
        let problems = problems
        var options = MetricsBridgeOptions()
        options.recorderBounds = [1, 10]
        options.timerBounds = [0.1, 1]
        options.bounds = ["fine": [5]]
        options.units = ["cups": "{cup}"]
        options.descriptions = ["cups": "Cups of tea."]
        options.onProblem = { problem in problems.withLock { $0.append(problem) } }
        meter = Telemetry.Meter(scope: InstrumentationScope(name: "tests"), startTime: 1, cardinalityLimit: 10)
        factory = OTLPMetricsFactory(meter, options: options)
    }

    private func metric(_ name: String) -> MetricSnapshot.Metric? {
        meter.collect(at: 2).metrics.first { $0.description.name == name }
    }

    private func numbers(_ name: String) -> [NumberPoint]? {
        switch metric(name)?.data {
        case .gauge(let points)?: points
        case .sum(let points, _, _)?: points
        default: nil
        }
    }

    private func distributions(_ name: String) -> [HistogramPoint]? {
        if case .histogram(let points, _)? = metric(name)?.data { points } else { nil }
    }

    @Test func `a counter is a monotonic sum that ignores what would take it back`() throws {
        let counter = Counter(label: "cups", dimensions: [("kind", "oolong")], factory: factory)
        #expect(numbers("cups") == [NumberPoint(attributes: ["kind": "oolong"], value: .int(0))])
        counter.increment(by: 3)
        counter.increment(by: -1)
        counter.reset()
        counter.increment()
        let metric = try #require(self.metric("cups"))
        #expect(metric.description == InstrumentDescription(name: "cups", unit: "{cup}", description: "Cups of tea."))
        #expect(
            metric.data
                == .sum([NumberPoint(attributes: ["kind": "oolong"], value: .int(4))], isMonotonic: true, .cumulative)
        )
    }

    @Test func `a floating-point counter is a monotonic sum`() {
        let counter = FloatingPointCounter(label: "liters", factory: factory)
        for amount in [0.5, 0.25, -1, .nan, .infinity] { counter.increment(by: amount) }
        #expect(
            metric("liters")?.data
                == .sum([NumberPoint(attributes: .empty, value: .double(0.75))], isMonotonic: true, .cumulative)
        )
    }

    @Test func `meters and gauges are gauges`() {
        let meter = CoreMetrics.Meter(label: "celsius", factory: factory)
        meter.set(20)
        meter.increment(by: 1.5)
        meter.decrement(by: 0.5)
        #expect(metric("celsius")?.data == .gauge([NumberPoint(attributes: .empty, value: .double(21))]))
        let gauge = CoreMetrics.Gauge(label: "level", factory: factory)
        gauge.record(0.5)
        gauge.record(7)
        #expect(metric("level")?.data == .gauge([NumberPoint(attributes: .empty, value: .double(7))]))
    }

    @Test func `a recorder is a histogram`() throws {
        let recorder = Recorder(label: "size", factory: factory)
        recorder.record(1)
        recorder.record(10.5)
        let point = try #require(distributions("size")?.first)
        #expect((point.bucketCounts, point.sum) == ([1, 0, 1], 11.5))
        Recorder(label: "fine", factory: factory).record(6)
        #expect(distributions("fine")?.first?.bucketCounts == [0, 1])
    }

    @Test func `a timer is a histogram in seconds`() throws {
        let timer = Timer(label: "brewing", dimensions: [("a", "1"), ("b", "2"), ("a", "3")], factory: factory)
        timer.recordMilliseconds(500)
        timer.recordNanoseconds(-1)
        let point = try #require(distributions("brewing")?.first)
        #expect((point.bucketCounts, point.sum) == ([1, 1, 0], 0.5))
        #expect(point.attributes == ["a": "3", "b": "2"])
        #expect(metric("brewing")?.description.unit == "s")
    }

    @Test func `what is recorded during a span keeps its ids as an exemplar`() throws {
        let timer = Timer(label: "brewing", factory: factory)
        timer.recordSeconds(0.5)
        let sink = RecordingSink()
        OTLPTracer(sink).withSpan("brew") { _ in timer.recordSeconds(2) }
        let span = try #require(sink.spans.first)
        let point = try #require(distributions("brewing")?.first)
        #expect(point.count == 2)
        #expect(point.exemplars.map(\.value) == [2])
        #expect(point.exemplars.first?.spanID == span.context.spanID)
        #expect(point.exemplars.first?.traceID == span.context.traceID)
    }

    @Test func `one label and dimensions are one series, however often they are asked for`() {
        for _ in 0..<3 { Counter(label: "cups", factory: factory).increment() }
        Counter(label: "CUPS", factory: factory).increment()
        for _ in 0..<3 { FloatingPointCounter(label: "liters", factory: factory).increment() }
        #expect(numbers("cups")?.map(\.value) == [.int(4)])
        #expect(numbers("liters")?.map(\.value) == [.double(3)])
    }

    @Test func `a label that is taken by another kind is reported once and crashes nothing`() {
        Counter(label: "cups", factory: factory).increment()
        for _ in 0..<2 {
            Timer(label: "cups", factory: factory).recordSeconds(1)
            Recorder(label: "Cups", factory: factory).record(1)
            CoreMetrics.Meter(label: "cups", factory: factory).set(1)
            FloatingPointCounter(label: "cups", factory: factory).increment()
        }
        #expect(numbers("cups")?.map(\.value) == [.int(1)])
        let reported = problems.withLock { $0 }
        #expect(reported.count == 4)
        #expect(reported.first == "the timer cups is not exported: there is a counter of that name")
    }

    @Test(arguments: [
        ("tea time", "tea_time"), ("7up", "metric_7up"), ("", "metric_"), ("ok.a-b/c_d", "ok.a-b/c_d"), ("té", "t_"),
    ])
    func `labels become valid names`(_ label: String, _ name: String) {
        Counter(label: label, factory: factory).increment()
        #expect(numbers(name)?.count == 1)
    }

    @Test func `too many dimensions end up in the overflow series, and no value is lost`() {
        for number in 0..<30 {
            Counter(label: "cups", dimensions: [("n", "\(number)")], factory: factory).increment()
            FloatingPointCounter(label: "liters", dimensions: [("n", "\(number)")], factory: factory).increment(by: 0.5)
        }
        #expect(numbers("cups")?.count == 10)
        #expect(numbers("liters")?.count == 10)
        #expect(numbers("cups")?.first { $0.attributes == .overflow }?.value == .int(21))
        #expect(numbers("liters")?.first { $0.attributes == .overflow }?.value == .double(10.5))
    }

    @Test func `a series is exported until its last user destroys it`() {
        let counters = (0..<2).map { _ in Counter(label: "cups", factory: factory) }
        let timer = Timer(label: "brewing", factory: factory)
        let meter = CoreMetrics.Meter(label: "celsius", factory: factory)
        counters[0].destroy()
        #expect(numbers("cups")?.count == 1)
        counters[1].destroy()
        timer.destroy()
        meter.destroy()
        #expect(self.meter.collect(at: 2).metrics.isEmpty)
        // It starts anew when it is made again.
        Counter(label: "cups", factory: factory).increment()
        CoreMetrics.Meter(label: "celsius", factory: factory).set(3)
        #expect(numbers("cups")?.map(\.value) == [.int(1)])
        #expect(numbers("celsius")?.map(\.value) == [.double(3)])
    }

    @Test func `several threads may record while the metrics are collected`() async {
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { [factory] in
                    for step in 0..<500 {
                        Counter(label: "cups", dimensions: [("n", "\(step % 3)")], factory: factory).increment()
                        FloatingPointCounter(label: "liters", factory: factory).increment(by: 0.5)
                        Timer(label: "brewing", factory: factory).recordNanoseconds(1)
                    }
                }
            }
            group.addTask { [meter] in
                for _ in 0..<20 { _ = meter.collect(at: 2) }
            }
        }
        #expect(numbers("cups")?.map(\.value) == [.int(668), .int(668), .int(664)])
        #expect(numbers("liters")?.map(\.value) == [.double(1000)])
        #expect(distributions("brewing")?.first?.count == 2000)
    }
}
