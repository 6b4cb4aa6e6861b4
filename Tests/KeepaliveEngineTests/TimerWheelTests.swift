// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct TimerWheelTests {
    private let start = Tick(milliseconds: 50_000)

    private func expired(_ wheel: inout TimerWheel, at milliseconds: Int64) -> [Int32] {
        var result: [Int32] = []
        wheel.expire(through: start + .milliseconds(milliseconds), into: &result)
        return result
    }

    @Test func `fires a timer in the slot of its deadline and not before`() {
        var wheel = TimerWheel(startingAt: start)
        wheel.arm(3, at: start + .milliseconds(105))
        #expect(expired(&wheel, at: 99).isEmpty)
        #expect(wheel.nextDeadline == start + .milliseconds(100))
        #expect(expired(&wheel, at: 100) == [3])
        #expect(wheel.nextDeadline == nil)
        #expect(wheel.count == 0)
    }

    @Test func `a timer whose deadline is over fires with the next slot`() {
        var wheel = TimerWheel(startingAt: start)
        #expect(expired(&wheel, at: 1000).isEmpty)
        wheel.arm(0, at: start)
        #expect(wheel.nextDeadline == start + .milliseconds(1010))
        #expect(expired(&wheel, at: 1010) == [0])
    }

    @Test func `a deadline beyond one turn stays until its turn comes`() {
        var wheel = TimerWheel(slotCount: 64, startingAt: start)
        wheel.arm(0, at: start + .milliseconds(64 * 10 * 3 + 50))
        #expect(expired(&wheel, at: 50).isEmpty)
        #expect(expired(&wheel, at: 64 * 10 + 50).isEmpty)
        #expect(expired(&wheel, at: 64 * 10 * 3 + 49).isEmpty)
        #expect(wheel.isArmed(0))
        #expect(expired(&wheel, at: 64 * 10 * 3 + 50) == [0])
    }

    @Test func `a jump over many turns fires everything that is due once`() {
        var wheel = TimerWheel(slotCount: 64, startingAt: start)
        for timer in 0..<200 { wheel.arm(Int32(timer), at: start + .milliseconds(Int64(timer) * 37)) }
        #expect(expired(&wheel, at: 37 * 150).sorted() == (0...150).map(Int32.init))
        #expect(expired(&wheel, at: 1_000_000).sorted() == (151..<200).map(Int32.init))
        #expect(wheel.count == 0)
    }

    @Test func `arming again moves a timer, and disarming forgets it`() {
        var wheel = TimerWheel(startingAt: start)
        wheel.arm(0, at: start + .milliseconds(100))
        wheel.arm(1, at: start + .milliseconds(100))
        wheel.arm(2, at: start + .milliseconds(100))
        wheel.arm(1, at: start + .milliseconds(500))
        wheel.disarm(2)
        wheel.disarm(77)
        #expect(!wheel.isArmed(2))
        #expect(wheel.count == 2)
        #expect(expired(&wheel, at: 200) == [0])
        #expect(expired(&wheel, at: 600) == [1])
    }

    @Test func `time that goes backwards changes nothing`() {
        var wheel = TimerWheel(startingAt: start)
        wheel.arm(0, at: start + .milliseconds(300))
        #expect(expired(&wheel, at: 200).isEmpty)
        #expect(expired(&wheel, at: -5000).isEmpty)
        #expect(expired(&wheel, at: 300) == [0])
    }

    @Test(arguments: [64, 4096, 65_536])
    func `agrees with a sorted list under random use`(slotCount: Int) {
        var random = SplitMix64(seed: 42)
        var wheel = TimerWheel(slotCount: slotCount, startingAt: start)
        var deadlines: [Int32: Int64] = [:]
        var now: Int64 = 0
        for step in 0..<20_000 {
            let timer = Int32.random(in: 0..<500, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let deadline = now + Int64.random(in: -50..<200_000, using: &random)
                wheel.arm(timer, at: start + .milliseconds(deadline))
                // An overdue timer fires with the next slot.
                deadlines[timer] = max(deadline / 10 * 10, now / 10 * 10 + 10)
            case 5..<7:
                wheel.disarm(timer)
                deadlines[timer] = nil
            default:
                let earliest = deadlines.values.min()
                let next = wheel.nextDeadline.map { ($0 - start).wholeMilliseconds }
                #expect((earliest == nil) == (next == nil))
                if let earliest, let next { #expect(next <= earliest && next > now - 10, "step \(step)") }
                now += Int64.random(in: 0..<(step % 50 == 0 ? 2_000_000 : 3000), using: &random)
                let due = deadlines.filter { $0.value <= now }.keys
                #expect(expired(&wheel, at: now).sorted() == due.sorted(), "step \(step)")
                for timer in due { deadlines[timer] = nil }
            }
            #expect(wheel.count == deadlines.count)
        }
    }
}
