// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct AdmissionTests {
    /// Starts as many requests as there is room for, each ending at once.
    private func burst(_ admission: inout Admission, at now: Tick, rate: Double) -> Int {
        var started = 0
        while admission.hasRoom(at: now, rate: rate) {
            admission.start()
            admission.finish()
            started += 1
        }
        return started
    }

    @Test(arguments: zip([0.2, 1, 20, 200], [1, 1, 2, 22]))
    func `a long rest saves up a tenth of a second, at least one request`(rate: Double, expected: Int) {
        var admission = Admission(maxInFlight: 64, at: .zero)
        #expect(burst(&admission, at: .zero, rate: rate) == expected)
        #expect(burst(&admission, at: Tick(milliseconds: 100_000_000), rate: rate) == expected)
    }

    @Test(arguments: [0.5, 1, 20, 33.3, 200])
    func `no second has more than the rate and a quarter`(rate: Double) {
        var admission = Admission(maxInFlight: 64, at: .zero)
        var starts: [Int64] = []
        for milliseconds in Int64(0)..<20_000 {
            let count = burst(&admission, at: Tick(milliseconds: milliseconds), rate: rate)
            starts += Array(repeating: milliseconds, count: count)
        }
        #expect(Double(starts.count) <= rate * 20 + max(1, rate / 10) + rate / 100)
        #expect(Double(starts.count) >= rate * 20 - 1)
        for second in Int64(0)..<19 {
            let count = starts.count { $0 >= second * 1000 && $0 < second * 1000 + 1000 }
            #expect(Double(count) <= max(rate * 1.25, rate + 1) + 1e-9)
        }
    }

    @Test(arguments: [0.5, 3, 20, 33.3, 200])
    func `says when the next token comes`(rate: Double) {
        var admission = Admission(maxInFlight: 64, at: .zero)
        _ = burst(&admission, at: .zero, rate: rate)
        let next = admission.nextToken(at: .zero, rate: rate)
        let isEarly = admission.hasRoom(at: Tick(milliseconds: next.milliseconds - 2), rate: rate)
        let isThere = admission.hasRoom(at: next, rate: rate)
        #expect(!isEarly && isThere)
    }

    @Test func `caps what is in flight`() {
        var admission = Admission(maxInFlight: 3, at: .zero)
        for _ in 0..<3 {
            let hasRoom = admission.hasRoom(at: .zero, rate: 1000)
            #expect(hasRoom)
            admission.start()
        }
        let hasFourth = admission.hasRoom(at: .zero, rate: 1000)
        #expect(!hasFourth)
        #expect(admission.inFlight == 3)
        admission.finish()
        let hasRoomAgain = admission.hasRoom(at: .zero, rate: 1000)
        #expect(hasRoomAgain)
    }

    @Test func `shedding halves the cap for a time, and leaves at least one`() {
        var admission = Admission(maxInFlight: 4, at: .zero)
        admission.shed(until: Tick(milliseconds: 100))
        admission.start()
        #expect(admission.hasSlot(at: Tick(milliseconds: 50)))
        admission.start()
        #expect(!admission.hasSlot(at: Tick(milliseconds: 99)))
        #expect(admission.hasSlot(at: Tick(milliseconds: 100)))
        var single = Admission(maxInFlight: 1, at: .zero)
        single.shed(until: Tick(milliseconds: 100))
        #expect(single.hasSlot(at: .zero))
    }

    @Test func `time that goes backwards gives no tokens`() {
        var admission = Admission(maxInFlight: 64, at: Tick(milliseconds: 10_000))
        _ = burst(&admission, at: Tick(milliseconds: 10_000), rate: 20)
        #expect(burst(&admission, at: .zero, rate: 20) == 0)
        #expect(burst(&admission, at: Tick(milliseconds: 10_000), rate: 20) == 0)
    }
}
