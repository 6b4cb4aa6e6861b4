// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct ActionTextTests {
    private func probed(_ backend: BackendView, _ succeeded: Bool?, _ reason: String? = nil, _ time: Double? = nil)
        -> String
    {
        let report = ProbeReport(backend: backend, succeeded: succeeded, reason: reason, latencyMilliseconds: time)
        return ActionText.probed(report, now: Samples.now).text
    }

    @Test func `a probe says what came of it and how things are now`() {
        #expect(
            probed(Samples.playwright, true, nil, 2.4)
                == "playwright: answered in 2.4ms; keepalive is active, next in 4m"
        )
        #expect(
            probed(Samples.warehouse, false, "timeout", 10_000)
                == "warehouse-db: failed: timeout after 10s; keepalive is disabled (timeout), probe in 9m"
        )
        #expect(
            probed(Samples.editor, nil)
                == "editor: not called, for somebody disabled it: enable it first; keepalive is disabled by hand"
        )
        #expect(
            probed(Samples.playwright, nil)
                == "playwright: not called, or not answered yet; keepalive is active, next in 4m"
        )
    }

    @Test func `enabling and disabling say for how long`() {
        #expect(
            ActionText.enabled(Samples.playwright, now: Samples.now).text
                == "playwright: keepalive is active, next in 4m"
        )
        #expect(
            ActionText.disabled(Samples.editor, seconds: nil).text
                == "editor: keepalive is disabled until somebody enables it"
        )
        #expect(ActionText.disabled(Samples.editor, seconds: 1800).text == "editor: keepalive is disabled for 30m")
    }

    @Test(arguments: BackendView.State.allCases)
    func `every state of a backend has words of its own`(state: BackendView.State) {
        func text(_ state: BackendView.State) -> String {
            ActionText.enabled(Samples.backend("db", state), now: Samples.now).text
                + BackendTable.lines([Samples.backend("db", state)], now: Samples.now, width: 80, Samples.plain)[1]
        }
        #expect(BackendView.State.allCases.filter { text($0) == text(state) } == [state])
    }

    @Test func `a reload says what is different`() {
        let report = ReloadReport(added: ["a", "b"], changed: ["c"], untouchedSessions: 1)
        #expect(
            ActionText.reloaded(report) == [
                "reload ok: +2 ~1 -0 backends, 1 session untouched", "  added: a, b", "  changed: c",
            ]
        )
    }
}
