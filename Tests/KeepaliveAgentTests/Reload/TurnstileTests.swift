// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Testing

@testable import KeepaliveAgent

@Suite(.timeLimit(.minutes(1))) struct TurnstileTests {
    @Test func `one after the other goes through, although each waits in the middle`() async {
        let turnstile = Turnstile()
        let inside = Recorder(0)
        let numbers = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    await turnstile {
                        #expect(inside.record == 0)
                        inside.change { $0 += 1 }
                        await Task.yield()
                        inside.change { $0 -= 1 }
                        return number
                    }
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(numbers == Set(0..<100))
    }
}
