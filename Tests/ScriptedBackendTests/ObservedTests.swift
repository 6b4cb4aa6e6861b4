// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ScriptedBackend

@Suite(.timeLimit(.minutes(1)))
struct ObservedTests {
    @Test func `a change wakes those whose condition has come true`() async throws {
        let observed = Observed(0)
        async let first: Void = observed.wait { $0 >= 1 }
        async let second: Void = observed.wait { $0 >= 2 }
        observed.update { $0 = 1 }
        try await first
        observed.update { $0 = 2 }
        try await second
        try await observed.wait { $0 == 2 }
        #expect(observed.value == 2)
    }

    @Test func `a canceled wait throws`() async {
        let observed = Observed(0)
        let waiting = Task { try await observed.wait { $0 == 1 } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
