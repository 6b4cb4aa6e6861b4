// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Testing

@testable import KeepaliveAgent

@Suite struct ServiceNotifierTests {
    private func watchdog(_ environment: [String: String]) -> Duration? {
        let given = ["NOTIFY_SOCKET": "@nobody"].merging(environment) { $1 }
        return ServiceNotifier(environment: given, process: 42).watchdog?.period
    }

    @Test func `tells the watchdog at half of its time`() {
        #expect(watchdog(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
        #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == .seconds(15))
    }

    @Test(arguments: [
        [:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "-5"], ["WATCHDOG_USEC": "soon"],
        ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"],
        ["WATCHDOG_USEC": "30000000", "NOTIFY_SOCKET": ""], ["WATCHDOG_USEC": "30000000", "NOTIFY_SOCKET": "relative"],
    ]) func `leaves a watchdog alone that waits for nobody, or for somebody else`(_ environment: [String: String]) {
        #expect(watchdog(environment) == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the loop gives its signs of life in time, and one that did not get through again soon`() async throws {
        let told = Recorder(0)
        // Only the second does not get through.
        let watchdog = Watchdog(period: .seconds(16)) {
            told.change {
                $0 += 1; return $0 != 2
            }
        }
        try await TestAgent.run(watchdog: watchdog) { agent in
            try await told.wait { $0 == 1 }
            for (seconds, count) in [(15, 1), (1, 2), (1, 2), (1, 3), (15, 3), (1, 4)] {
                await agent.advance(by: .seconds(seconds))
                #expect(told.record == count)
            }
        }
    }

    @Test func `messages are lines of assignments`() {
        #expect(ServiceNotifier.Message.ready(status: "keeps\na (ping)").text == "READY=1\nSTATUS=keeps a (ping)")
        #expect(ServiceNotifier.Message.watchdog.text == "WATCHDOG=1")
        #expect(ServiceNotifier.Message.stopping.text == "STOPPING=1")
    }

    @Test(arguments: [
        [:], ["NOTIFY_SOCKET": "/nowhere/at/all"], ["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 200)],
    ]) func `goes on when nobody listens`(_ environment: [String: String]) {
        #expect(!ServiceNotifier(environment: environment).notify(.stopping))
    }
}
