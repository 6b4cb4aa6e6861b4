// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite struct MethodSelectionTests {
    private func selection(
        _ method: BackendPolicy.Method = .ping(hasFallback: true),
        threshold: Int = 3
    ) -> MethodSelection {
        var policy = BackendPolicy()
        policy.method = method
        policy.failureThreshold = threshold
        return MethodSelection(policy: policy)
    }

    @Test(arguments: zip([BackendPolicy.Method.ping(hasFallback: false), .tool], [CallMethod.ping, .tool]))
    func `does what the policy says`(method: BackendPolicy.Method, call: CallMethod) {
        var selection = selection(method)
        #expect(!selection.hasFallback)
        let first = selection.first(at: .zero)
        #expect(first.method == call)
        #expect(selection.probe(number: 1) == call)
        #expect(selection.probe(number: 2) == call)
        let isLatched = selection.latch(at: .zero)
        #expect(!isLatched)
    }

    @Test(arguments: zip([1, 2, 3, 9], [1, 2, 2, 2]))
    func `falls back from the second failure on, or the first when one disables`(threshold: Int, expected: Int) {
        var selection = selection(threshold: threshold)
        var failures = 1
        while !selection.pingFailed(.failure(.timeout), isPingRetry: false) { failures += 1 }
        #expect(failures == expected)
    }

    @Test func `a success between starts the count anew`() {
        var selection = selection()
        _ = selection.pingFailed(.failure(.timeout), isPingRetry: false)
        let wasLatched = selection.pingSucceeded()
        #expect(!wasLatched)
        let fallsBack = selection.pingFailed(.failure(.timeout), isPingRetry: false)
        #expect(!fallsBack)
    }

    @Test(arguments: [FailureReason.sessionExpired, .unauthorized, .forbidden, .rateLimited, .localResource])
    func `failures of the session or the credential get no fallback and do not count`(reason: FailureReason) {
        var selection = selection()
        for _ in 0..<5 {
            let fallsBack = selection.pingFailed(.failure(reason), isPingRetry: false)
            #expect(!fallsBack)
        }
        let first = selection.pingFailed(.failure(.timeout), isPingRetry: false)
        #expect(!first)
    }

    @Test func `a failure that opens the breaker at once gets no fallback`() {
        var selection = selection()
        for _ in 0..<5 {
            let fallsBack = selection.pingFailed(.failure(.tls), isPingRetry: false)
            #expect(!fallsBack)
        }
    }

    @Test func `method not found falls back at once, if there is a fallback`() {
        let outcome = Outcome.failure(.methodNotFound, reaction: .latchMethod)
        var with = selection()
        let fallsBack = with.pingFailed(outcome, isPingRetry: false)
        #expect(fallsBack)
        var without = selection(.ping(hasFallback: false))
        let fallsBackWithout = without.pingFailed(outcome, isPingRetry: false)
        #expect(!fallsBackWithout)
    }

    @Test func `the latched tool is used until ping is tried once a day`() {
        var selection = selection()
        let start = Tick(milliseconds: 5)
        let isNew = selection.latch(at: start)
        let isNewAgain = selection.latch(at: start)
        #expect(isNew && !isNewAgain)
        let day: Duration = .seconds(86_400)
        for elapsed in [Duration.zero, .seconds(300), day - .milliseconds(1)] {
            let first = selection.first(at: start + elapsed)
            #expect(first.method == .tool && !first.isPingRetry)
        }
        let retry = selection.first(at: start + day)
        #expect(retry.method == .ping && retry.isPingRetry)
        let fallsBack = selection.pingFailed(.failure(.timeout), isPingRetry: true)
        #expect(fallsBack && selection.isLatched)
        let next = selection.first(at: start + day + .seconds(300))
        #expect(next.method == .tool)
        let retryAgain = selection.first(at: start + day + day)
        #expect(retryAgain.method == .ping)
        let wasLatched = selection.pingSucceeded()
        #expect(wasLatched && !selection.isLatched)
    }

    @Test func `probes take turns where there is a fallback`() {
        let selection = selection()
        #expect((1...4).map { selection.probe(number: $0) } == [.ping, .tool, .ping, .tool])
    }
}
