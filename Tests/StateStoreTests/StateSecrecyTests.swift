// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

@Suite struct StateSecrecyTests {
    private func isSafe(_ value: Any) -> Bool {
        var dumped = ""
        dump(value, to: &dumped)
        let bytes = "\(Array(StateSample.secretID.utf8))".dropFirst().dropLast()
        return ["\(value)", String(describing: value), String(reflecting: value), dumped].allSatisfy { text in
            !text.contains("canary") && !text.contains(bytes)
        }
    }

    @Test func `shows neither session ids nor headers`() {
        #expect(isSafe(StateSample.session("a")))
        #expect(isSafe(StateSample.session("a").headers))
        #expect(isSafe(StateSample.state(sessions: 2)))
        #expect(isSafe([StateSample.session("a").key: StateSample.session("a")]))
        #expect("\(StateSample.session("a"))".contains("a of web"))
        #expect("\(StateSample.session("a").headers)".contains("authorization"))
    }

    @Test func `tells of a failure without what was to be written`() async throws {
        let folder = try TemporaryFolder()
        let (store, _, _) = try folder.open(limits: StoreLimits(maximumBytes: 40_000))
        #expect(await !store.recover(with: StateSample.state(sessions: 1000)))
        #expect(store.health != .ok)
        #expect(isSafe(store.status))
        #expect(isSafe(store))
        await store.close()
    }
}
