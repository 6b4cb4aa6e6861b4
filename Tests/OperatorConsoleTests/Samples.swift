// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import OperatorConsole

/// An agent as it is told to the tests: one backend of each state.
enum Samples {
    static let now = Date(timeIntervalSince1970: 1_795_680_000)
    static let plain = Palette(isColored: false)
    static let colored = Palette(isColored: true)

    static func at(_ seconds: Double) -> Date { now.addingTimeInterval(seconds) }

    static func backend(
        _ name: String,
        _ state: BackendView.State = .active,
        _ change: (inout BackendView) -> Void = { _ in }
    ) -> BackendView {
        let url = "https://mcp.internal/\(name)"
        var backend = BackendView(name: name, url: url, state: state, method: "ping", intervalSeconds: 300)
        change(&backend)
        return backend
    }

    static let playwright = backend("playwright") {
        $0.sessions = 12
        $0.attempts = 312
        $0.successes = 312
        $0.latencyP95Milliseconds = 2.4
        $0.ttlSeconds = 1800
        $0.lastSuccess = at(-60)
        $0.next = at(240)
    }

    static let warehouse = backend("warehouse-db", .disabled) {
        $0.reason = "timeout"
        $0.sessions = 3
        $0.attempts = 21
        $0.successes = 18
        $0.failures = ["timeout": 3]
        $0.consecutiveFailures = 3
        $0.disabledSince = at(-1260)
        $0.next = at(540)
    }

    static let editor = backend("editor", .heldByOperator) {
        $0.reason = "operator"
        $0.attempts = 4000
        $0.successes = 3960
        $0.failures = ["http_5xx": 30, "timeout": 10]
    }

    static let notebooks = backend("notebooks-of-the-data-science-team-in-zürich") {
        $0.method = "tool:list_kernels"
        $0.fallbackActive = true
        $0.sessions = 7
        $0.pausedSessions = 2
        $0.attempts = 99
        $0.successes = 97
        $0.next = at(4)
    }

    static let search = backend("search", .off) {
        $0.method = "none"
        $0.reason = "none"
    }

    static let backends = [playwright, warehouse, editor, notebooks, search]

    static func status(
        _ backends: [BackendView] = backends,
        at seconds: Double = 0,
        _ change: (inout StatusView) -> Void = { _ in }
    ) -> StatusView {
        var status = StatusView(
            version: "0.1.0",
            pid: 4711,
            startedAt: at(-8040),
            now: at(seconds),
            configuration: ConfigurationView(file: "/etc/mcp-keepalive/mcp-keepalive.yaml", loadedAt: at(-720)),
            telemetry: TelemetryView(state: .ok, endpoint: "http://127.0.0.1:4318", lastSuccess: at(-4)),
            storage: StorageView(state: .ok, directory: "/var/lib/mcp-keepalive"),
            backends: backends
        )
        change(&status)
        return status
    }

    /// More backends than a screen has lines; what needs somebody is the last of them by name.
    static let many = (1...60).map { number in backend("backend-\(number < 10 ? "0" : "")\(number)") }
}
