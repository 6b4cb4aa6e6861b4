// SPDX-License-Identifier: Apache-2.0

import HTTPValues
import KeepaliveEngine
import Testing
import Transfer

@testable import KeepaliveAgent

@Suite struct WebhookDeliveryTests {
    private let start = ContinuousClock.now
    private var delivery = WebhookDelivery()
    private var random = SplitMix64(seed: 1)

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// Makes a POST with the events up to this number, and lets it end.
    private mutating func post(end: UInt64, _ answer: WebhookAnswer, at seconds: Double = 0) -> WebhookChange? {
        delivery.began(end: end)
        #expect(delivery.step(at: at(seconds + 100), last: 99) == .wait(until: nil), "one POST at a time")
        return delivery.ended(answer, at: at(seconds), using: &random)
    }

    private func busy(_ retryAfter: Duration? = nil) -> WebhookAnswer {
        .notNow(problem: "HTTP 503", retryAfter: retryAfter)
    }

    /// How long the delivery waits from `seconds` on; nil when it does not.
    private func wait(from seconds: Double) -> Duration? {
        guard case .wait(let until?) = delivery.step(at: at(seconds), last: 99) else { return nil }
        return until - at(seconds)
    }

    @Test mutating func `events are sent as they come, and each only once it was not taken before`() {
        #expect(delivery.step(at: at(0), last: 0) == .wait(until: nil))
        #expect(delivery.step(at: at(0), last: 3) == .post)
        #expect(post(end: 2, .taken) == nil && delivery.position == 2)
        #expect(delivery.step(at: at(0), last: 3) == .post)
        #expect(post(end: 3, .taken) == nil && delivery.position == 3)
        #expect(delivery.step(at: at(0), last: 3) == .wait(until: nil))
    }

    @Test mutating func `what is not taken waits longer and longer, and is sent again`() {
        for longest in [1.0, 2, 4, 8, 16, 32, 60, 60] {
            _ = post(end: 2, busy())
            let wait = wait(from: 0) ?? .zero
            #expect(wait <= .seconds(longest) && wait >= .seconds(longest * 0.75) && delivery.position == 0)
            #expect(delivery.step(at: at(longest), last: 99) == .post)
        }
        _ = post(end: 2, .taken)
        _ = post(end: 4, busy())
        #expect(wait(from: 0) ?? .zero <= .seconds(1), "a success begins anew")
    }

    @Test(arguments: [(Duration.seconds(7), Duration.seconds(7)), (.seconds(86_400), .seconds(3600))])
    mutating func `a receiver that says when is obeyed, up to an hour`(said: Duration, waits: Duration) {
        _ = post(end: 1, busy(said))
        #expect(wait(from: 0) == waits)
    }

    @Test mutating func `a short Retry-After does not shorten the backoff`() {
        _ = post(end: 1, busy(.zero))
        #expect(wait(from: 0) ?? .zero >= .seconds(0.75))
    }

    @Test mutating func `what is refused is dropped and counted, and the next goes on at once`() {
        #expect(post(end: 2, .refused(problem: "HTTP 400")) == .refusing(problem: "HTTP 400"))
        #expect(delivery.position == 2 && delivery.dropped == 2 && delivery.isAfterGap)
        #expect(delivery.step(at: at(0), last: 3) == .post)
        #expect(post(end: 3, .refused(problem: "HTTP 400")) == nil, "told once")
        #expect(delivery.problem == "HTTP 400")
        #expect(post(end: 4, .taken) == .recovered(dropped: 3))
        #expect(!delivery.isAfterGap && delivery.problem == nil)
    }

    @Test mutating func `beginning to fail, to refuse and to work again is told once each`() {
        #expect(post(end: 1, busy()) == .failing(problem: "HTTP 503"))
        #expect(post(end: 1, busy()) == nil)
        #expect(post(end: 1, .refused(problem: "HTTP 400")) == .refusing(problem: "HTTP 400"))
        #expect(post(end: 2, busy()) == nil)
        #expect(post(end: 2, .taken) == .recovered(dropped: 1))
        #expect(post(end: 3, .taken) == nil)
        #expect(post(end: 4, busy()) == .failing(problem: "HTTP 503"))
        #expect(post(end: 4, .taken) == .recovered(dropped: 0), "what was dropped before was told before")
    }

    @Test mutating func `events that fell out of the ring are counted, and leave a gap until events are taken`() {
        delivery.missed(0)
        #expect(!delivery.isAfterGap)
        delivery.missed(5)
        #expect(delivery.position == 5 && delivery.dropped == 5 && delivery.isAfterGap)
        _ = post(end: 6, busy())
        #expect(delivery.isAfterGap)
        _ = post(end: 6, .taken)
        #expect(!delivery.isAfterGap && delivery.dropped == 5)
    }

    @Test mutating func `at the end what waits is due at once, and not again`() {
        _ = post(end: 1, busy(.seconds(60)))
        delivery.stop()
        #expect(delivery.step(at: at(0), last: 1) == .post)
        _ = post(end: 1, busy())
        #expect(delivery.step(at: at(0), last: 1) == .finish && delivery.position == 0)
    }

    @Test mutating func `at the end all is sent, as long as it is taken`() {
        delivery.stop()
        #expect(delivery.step(at: at(0), last: 2) == .post)
        _ = post(end: 1, .taken)
        #expect(delivery.step(at: at(0), last: 2) == .post)
        _ = post(end: 2, .refused(problem: "HTTP 400"))
        #expect(delivery.step(at: at(0), last: 2) == .finish)
    }

    @Test(arguments: [
        (200, nil as String?), (202, nil), (204, nil), (299, nil), (301, "refused"), (308, "refused"),
        (400, "refused"), (401, "refused"), (404, "refused"), (410, "refused"), (413, "refused"), (408, "not now"),
        (429, "not now"), (500, "not now"), (501, "not now"), (503, "not now"), (599, "not now"),
    ])
    func `a status says whether to try again`(status: Int, expected: String?) {
        let retryAfter = HeaderField(name: "Retry-After", value: "3")
        switch WebhookAnswer(Response(status: status, headers: [retryAfter]), now: 0) {
        case .taken: #expect(expected == nil)
        case .notNow(let problem, let wait):
            #expect(expected == "not now" && problem == "HTTP \(status)" && wait == .seconds(3))
        case .refused(let problem): #expect(expected == "refused" && problem.hasPrefix("HTTP \(status)"))
        }
    }
}
