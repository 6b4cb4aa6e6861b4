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
