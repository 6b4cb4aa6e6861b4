// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@testable import OTLPExport

@Suite struct ExportLaneTests {
    private let start = ContinuousClock.now
    private var lane = ExportLane()

    /// What a step is, in a word.
    private func word(_ step: ExportLane.Step) -> String {
        switch step {
        case .wait(let until): until.map { "wait \($0 - start)" } ?? "wait"
        case .attempt: "attempt"
        case .begin(let batch, let isHalf): "begin \(batch.count)\(isHalf ? " half" : "")"
        case .take: "take"
        case .collect: "collect"
        }
    }

    private mutating func step(
        after time: Duration,
        isEmpty: Bool = true,
        complete: Bool = false,
        urgent: Bool = false
    ) -> String {
        word(
            lane.step(
                at: start + time,
                queueIsEmpty: isEmpty,
                hasCompleteBatch: complete,
                delay: .seconds(5),
                urgent: urgent
            )
        )
    }

    private mutating func send(_ count: Int, isHalf: Bool = false) {
        let span = Span(
            scope: InstrumentationScope(name: "t"),
            context: SpanContext(traceID: TraceID(high: 1, low: 1), spanID: SpanID(1)),
            name: "s",
            start: 1,
            end: 2
        )
        let operation = ExportOperation(
            batch: .spans(Array(repeating: span, count: count)),
            isHalf: isHalf,
            body: [],
            isCompressed: false,
            began: start,
            deadline: start + .seconds(30),
            attempts: 1
        )
        lane.began(operation)
    }

    private mutating func finish(
        _ result: AttemptResult,
        after time: Duration,
        keeps: Bool = true
    ) -> ExportLane.Outcome? {
        lane.finished(
            result,
            at: start + time,
            remaining: .seconds(30) - time,
            retry: Retry(),
            random: 0.5,
            keeps: keeps
        )
    }

    private func refused(_ status: Int, retryAfter: Duration? = nil) -> AttemptResult {
        .refused(.status(status), retryAfter: retryAfter, details: "")
    }

    @Test mutating func `waits for a complete batch or the delay since the first record`() {
        #expect(step(after: .zero) == "wait")
        #expect(step(after: .seconds(1), isEmpty: false) == "wait \(Duration.seconds(6))")
        #expect(step(after: .seconds(2), isEmpty: false) == "wait \(Duration.seconds(6))")
        #expect(step(after: .seconds(6), isEmpty: false) == "take")
        #expect(step(after: .seconds(7), isEmpty: false, complete: true) == "take")
        #expect(step(after: .seconds(8), isEmpty: false, urgent: true) == "take")
        #expect(step(after: .seconds(9), isEmpty: false) == "wait \(Duration.seconds(14))")
    }

    @Test mutating func `has one request under way at most`() {
        send(1)
        #expect(step(after: .seconds(100), isEmpty: false, complete: true, urgent: true) == "wait")
        #expect(finish(.accepted(nil), after: .seconds(100)) == .delivered(count: 1, nil))
        #expect(step(after: .seconds(100), isEmpty: false, complete: true) == "take")
    }

    @Test mutating func `waits before it repeats, and hurries once on request`() {
        send(1)
        #expect(finish(refused(503), after: .zero) == .failedForNow(.status(503), details: ""))
        #expect(step(after: .zero, isEmpty: false, urgent: true) == "wait \(Duration.seconds(1))")
        #expect(step(after: .seconds(1)) == "attempt")
        lane.hurry(at: start)
        #expect(step(after: .zero) == "attempt")
    }

    @Test mutating func `does not hurry a collector that said when it wants it`() {
        send(1)
        #expect(finish(refused(429, retryAfter: .seconds(9)), after: .zero) == .failedForNow(.status(429), details: ""))
        lane.hurry(at: start)
        #expect(step(after: .zero) == "wait \(Duration.seconds(9))")
    }

    @Test mutating func `keeps the batch and leaves the destination alone when told to for long`() {
        send(3)
        #expect(finish(refused(429, retryAfter: .seconds(60)), after: .zero) == .kept(.status(429), details: ""))
        #expect(lane.outstandingCount == 3)
        #expect(step(after: .seconds(59), isEmpty: false, complete: true) == "wait \(Duration.seconds(60))")
        #expect(step(after: .seconds(60), isEmpty: false, complete: true) == "begin 3")
    }

    @Test mutating func `drops instead of keeping at shutdown`() {
        send(3)
        let outcome = finish(refused(429, retryAfter: .seconds(60)), after: .zero, keeps: false)
        #expect(outcome == .dropped(count: 3, .status(429), details: ""))
        #expect(lane.isIdle)
    }

    @Test mutating func `divides what is too large once`() {
        send(5)
        #expect(finish(refused(413), after: .zero) == .divided)
        #expect(step(after: .zero) == "begin 2 half")
        send(2, isHalf: true)
        #expect(finish(refused(413), after: .zero) == .dropped(count: 2, .status(413), details: ""))
        #expect(step(after: .zero) == "begin 3 half")
        send(1)
        #expect(finish(refused(413), after: .zero) == .dropped(count: 1, .status(413), details: ""))
    }

    @Test mutating func `collects at once, then keeps its rhythm and leaves out what it missed`() {
        func collect(after time: Duration, urgent: Bool = false) -> String {
            word(lane.step(at: start + time, interval: .seconds(60), urgent: urgent))
        }
        #expect(collect(after: .zero) == "collect")
        #expect(collect(after: .seconds(70)) == "wait")
        lane.collected([])
        #expect(collect(after: .seconds(70)) == "collect")
        lane.collected([])
        #expect(collect(after: .seconds(71)) == "wait \(Duration.seconds(120))")
        #expect(collect(after: .seconds(71), urgent: true) == "collect")
        lane.collected([])
        #expect(collect(after: .seconds(72)) == "wait \(Duration.seconds(120))")
        #expect(collect(after: .seconds(500)) == "collect")
        lane.collected([])
        #expect(collect(after: .seconds(501)) == "wait \(Duration.seconds(560))")
    }

    @Test mutating func `gives up everything at the end`() {
        send(4)
        #expect(finish(refused(413), after: .zero) == .divided)
        send(2, isHalf: true)
        #expect(lane.abandon() == 6)
        #expect(lane.isIdle)
        #expect(finish(.accepted(nil), after: .zero) == nil)
    }
}
