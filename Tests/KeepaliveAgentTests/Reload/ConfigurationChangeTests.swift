// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import Testing

@Suite struct ConfigurationChangeTests {
    private func configuration(_ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
        var configuration = Configuration(file: "c.yaml")
        configuration.backends = [.test("alpha", "http://a/mcp"), .test("beta", "http://b/mcp")]
        change(&configuration)
        return configuration
    }

    @Test func `the same is no change, wherever it stands in the file`() {
        let moved = configuration {
            $0.backends.reverse()
            $0.backends[0].position = SourcePosition(line: 7, column: 3)
        }
        #expect(ConfigurationChange(from: configuration(), to: moved).isEmpty)
    }

    @Test func `tells what comes, changes and goes`() {
        let after = configuration {
            $0.backends[0].policy.timeout = .seconds(1)
            $0.backends[1] = .test("gamma", "http://c/mcp")
            $0.sessionsFile = "/sessions.json"
        }
        let change = ConfigurationChange(from: configuration(), to: after)
        #expect(change.added.map(\.name) == ["gamma"])
        #expect(change.changed == [after.backends[0]])
        #expect(change.removed.map(\.name) == ["beta"])
        #expect(change.isOtherSessionsFile && change.restarts.isEmpty && !change.isEmpty)
    }

    @Test func `what takes a restart is named and stays as it was`() {
        let after = configuration {
            $0.telemetry.interval = .seconds(7)
            $0.backends.removeLast()
        }
        let change = ConfigurationChange(from: configuration(), to: after)
        #expect(change.restarts == ["telemetry"])
        let result = ConfigurationChange.result(of: after, over: configuration())
        #expect(result.telemetry.interval == nil && result.backends.count == 1)
        #expect(ConfigurationChange(from: result, to: after).restarts == ["telemetry"], "until there is a restart")
    }
}
