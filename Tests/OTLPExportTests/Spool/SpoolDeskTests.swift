// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct SpoolDeskTests {
    private let start = ContinuousClock.now
    private var desk = SpoolDesk(retry: Retry())

    private mutating func step(
        after time: Duration = .zero,
        isEmpty: Bool = false,
        complete: Bool = false,
        crowded: Bool = false,
        urgent: Bool = false
    ) -> SpoolDesk.Step {
        desk.step(
            at: start + time,
            queueIsEmpty: isEmpty,
            hasCompleteBatch: complete,
            isCrowded: crowded,
            delay: .seconds(5),
            urgent: urgent
        )
    }

    @Test mutating func `writes nothing while the collector is merely slow`() {
        #expect(step(complete: true) == .wait(until: nil))
        #expect(step(after: .seconds(60), complete: true, urgent: true) == .wait(until: nil))
    }

    @Test mutating func `writes before the queue overflows`() {
        #expect(step(complete: true, crowded: true) == .spill)
    }

    @Test mutating func `writes what is due once an attempt has failed`() {
        desk.schedule.failed(at: start, retryAfter: nil, random: 0)
        #expect(step(isEmpty: true) == .wait(until: nil))
        #expect(step(after: .seconds(1)) == .wait(until: start + .seconds(6)))
        #expect(step(after: .seconds(2), complete: true) == .spill)
        #expect(step(after: .seconds(3)) == .wait(until: start + .seconds(8)))
        #expect(step(after: .seconds(8)) == .spill)
        #expect(step(after: .seconds(9), urgent: true) == .spill)
    }

    @Test mutating func `stops when the collector takes a batch`() {
        desk.schedule.failed(at: start, retryAfter: nil, random: 0)
        desk.schedule.succeeded(at: start)
        #expect(step(complete: true) == .wait(until: nil))
    }

    @Test mutating func `gives the draft of a batch to who takes the batch`() {
        desk.keep(SpoolDraft(first: 0, id: 10))
        desk.keep(SpoolDraft(first: 512, id: 11))
        desk.keep(SpoolDraft(first: 512, id: 12))
        #expect(desk.draft(first: 512)?.id == 11)
        #expect(desk.draft(first: 1024) == nil)
        #expect(desk.takeDraft(first: 0) == 10)
        #expect(desk.takeDraft(first: 0) == nil)
        #expect(desk.takeDrafts() == [11])
        #expect(desk.takeDraft(first: 512) == nil)
    }

    @Test(arguments: [
        (ExportFailure.status(503), true), (.status(429), true), (.status(401), true), (.status(403), true),
        (.transport(.connect), true), (.transport(.timeout), true), (.transport(.tls), true),
        (.status(400), false), (.status(413), false), (.status(404), false), (.status(500), false),
        (.transport(.replyTooLarge), false),
    ]) func `keeps batches that are not to blame`(failure: ExportFailure, isKept: Bool) {
        #expect(SpoolDesk.keeps(failure) == isKept)
    }
}
