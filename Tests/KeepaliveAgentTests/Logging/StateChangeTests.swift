// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import LogText
import Testing

@testable import KeepaliveAgent

/// What people read of each change of state.
struct StateChangeTests {
    private static let now = Tick(milliseconds: 1000)
    private static let session = SessionHandle(index: 0, generation: 0)

    private static let examples: [(event: Event, line: String)] = [
        (
            .autoDisabled(backend: 0, reason: .connect, failures: 3, nextProbe: now + .seconds(1800)),
            "warning keepalive.backend.auto_disabled | alpha: keepalive disabled after 3 failures in a row, the last one "
                + "connect; the next probe is in 30m | reason=connect failures=3 probe_in=30m"
        ),
        (
            .autoDisabled(backend: 0, reason: .tls, failures: 1, nextProbe: now + .seconds(90)),
            "warning keepalive.backend.auto_disabled | alpha: keepalive disabled after tls; the next probe is in 1m30s "
                + "| reason=tls failures=1 probe_in=1m30s"
        ),
        (
            .probed(backend: 0, succeeded: false, nextProbe: now + .seconds(1800)),
            "info keepalive.backend.probe_failed | alpha: still failing; the next probe is in 30m | probe_in=30m"
        ),
        (
            .reenabled(backend: 0, .probe, disabledFor: .seconds(1801)),
            "info keepalive.backend.reenabled | alpha: works again; keepalive enabled after 30m1s "
                + "| reason=probe disabled_for=30m1s"
        ),
        (
            .fallbackSelected(backend: 0, reason: .methodNotFound),
            "info keepalive.fallback.selected | alpha: ping fails (method_not_found); calling the tool peek instead "
                + "from now on | reason=method_not_found tool=peek"
        ),
        (
            .pingSelected(backend: 0),
            "info keepalive.ping.selected | alpha: ping works again; using ping from now on | "
        ),
        (
            .backendPaused(backend: 0, reason: .rateLimited, until: now + .seconds(7)),
            "info keepalive.backend.paused | alpha: asked to be left alone (rate_limited); going on in 7s "
                + "| reason=rate_limited resume_in=7s"
        ),
        (
            .notApplicable(backend: 0, .stateless),
            "info keepalive.backend.not_applicable | alpha: keepalive is off: the backend issues no session id "
                + "| reason=stateless"
        ),
        (
            .notApplicable(backend: 0, .ttlAligned),
            "info keepalive.backend.not_applicable | alpha: keepalive is off: session_ttl covers session_lifetime "
                + "| reason=ttl_aligned"
        ),
        (
            .applicable(backend: 0),
            "info keepalive.backend.applicable | alpha: issues session ids now; keepalive is on | "
        ),
        (
            .ttlAdvertised(backend: 0, ttl: .seconds(30), interval: .seconds(10)),
            "info keepalive.backend.ttl_advertised | alpha: advertises an idle TTL of 30s; keepalives every 10s "
                + "| ttl=30s interval=10s"
        ),
        (
            .sessionOpened(session, backend: 0, .owned, interval: .seconds(300)),
            "info keepalive.session.opened | alpha: opened a session; keepalives every 5m | origin=owned interval=5m"
        ),
        (
            .sessionOpened(session, backend: 0, .attached, interval: .seconds(300)),
            "info keepalive.session.opened | alpha: took over a session; keepalives every 5m "
                + "| origin=attached interval=5m"
        ),
        (
            .openingFailed(session, backend: 0, failure(.connect), retryAt: now + .seconds(1)),
            "warning keepalive.session.opening_failed | alpha: cannot open a session (connect); the next try is in 1s "
                + "| reason=connect retry_in=1s"
        ),
        (
            .openingFailed(session, backend: 0, failure(.connect), retryAt: nil),
            "warning keepalive.session.opening_failed | alpha: cannot open a session (connect); waiting for the next "
                + "probe | reason=connect"
        ),
        (
            .sessionLost(session, backend: 0, .expired, idleGap: .seconds(1800), lastKeepaliveSucceeded: false),
            "warning keepalive.session.lost | alpha: the backend lost a session after 30m idle; the last keepalive had "
                + "failed | reason=expired idle_gap=30m last_keepalive=failure"
        ),
        (
            .sessionLost(session, backend: 0, .expired, idleGap: .seconds(60), lastKeepaliveSucceeded: nil),
            "warning keepalive.session.lost | alpha: the backend lost a session after 1m idle; there had been no "
                + "keepalive yet | reason=expired idle_gap=1m last_keepalive=none"
        ),
        (
            .sessionLost(
                session,
                backend: 0,
                .expiredDespiteKeepalive,
                idleGap: .seconds(300),
                lastKeepaliveSucceeded: true
            ),
            "warning keepalive.session.lost | alpha: the backend lost a session after 5m idle; the last keepalive had "
                + "succeeded | reason=expired_despite_keepalive idle_gap=5m last_keepalive=success"
        ),
        (
            .sessionPaused(session, backend: 0, reason: .unauthorized, until: now + .seconds(1800)),
            "warning keepalive.session.paused | alpha: the backend refused a session's credential (unauthorized); "
                + "waiting for another one, next try in 30m | reason=unauthorized retry_in=30m"
        ),
        (
            .sessionResumed(session, backend: 0),
            "info keepalive.session.resumed | alpha: going on with a session that was paused | "
        ),
        (
            .sessionReleased(session, backend: 0, .unlisted),
            "info keepalive.session.released | alpha: a session is no longer wanted (it left the sessions file, or expired); "
                + "nothing more is sent on it | reason=unlisted"
        ),
        (
            .sessionReleased(session, backend: 0, .leaseExpired),
            "info keepalive.session.released | alpha: a session is no longer wanted (its lease was not renewed); "
                + "nothing more is sent on it | reason=lease_expired"
        ),
        (
            .operatorDisabled(backend: 0, until: nil),
            "info keepalive.backend.operator_disabled | alpha: keepalive disabled by hand | "
        ),
        (
            .operatorDisabled(backend: 0, until: now + .seconds(1800)),
            "info keepalive.backend.operator_disabled | alpha: keepalive disabled by hand for 30m | for=30m"
        ),
        (
            .reenabled(backend: 0, .operator, disabledFor: .seconds(60)),
            "info keepalive.backend.reenabled | alpha: keepalive enabled by hand after 1m | "
                + "reason=operator disabled_for=1m"
        ),
    ]

    @Test(arguments: examples)
    func `each change of state has its words`(_ event: Event, _ line: String) throws {
        let change = try #require(Self.change(event))
        let fields = change.fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        #expect("\(change.level.rawValue) \(change.event.rawValue) | \(change.message) | \(fields)" == line)
    }

    @Test func `events that were too many are told in one line`() {
        let told = Self.suppressed
        #expect(told.message == "alpha: keepalive.session.lost happened 9950 more times within 10s")
        #expect(told.fields.map(\.value) == ["keepalive.session.lost", "9950"])
    }

    @Test func `what happens all the time is no change of state`() {
        let attempt = Attempt(
            session: Self.session,
            backend: 0,
            method: .ping,
            purpose: .scheduled,
            cycle: 0,
            number: 0,
            due: Self.now,
            timeout: .seconds(10)
        )
        let events: [Event] = [
            .called(attempt, .success), .cycleEnded(last: attempt, .success),
            .skipped(Self.session, backend: 0, .rateLimited), .probed(backend: 0, succeeded: true, nextProbe: nil),
        ]
        for event in events { #expect(Self.change(event)?.message == nil) }
    }

    private static let suppressed = StateChange(
        EventThrottle.Summary(
            key: EventThrottle.Key(event: .sessionLost, backend: 0),
            count: 9950,
            within: .seconds(10)
        ),
        backend: "alpha"
    )

    private static func change(_ event: Event) -> StateChange? {
        StateChange(event, in: StateChange.Context(backend: "alpha", tool: "peek", now: now))
    }

    @Test func `every event of the catalogue is told, with the severity and the attributes of the catalogue`() throws {
        let changes = Self.examples.compactMap { Self.change($0.event) } + [Self.suppressed]
        #expect(Set(changes.map(\.event)) == Set(Catalog.EventName.allCases))
        for change in changes {
            let definition = try #require(Catalog.events.first { $0.name == change.event })
            #expect(change.level == definition.level, "\(change.event)")
            let keys = change.fields.map(\.key)
            let expected = definition.attributes.map(\.key)
            #expect(keys == expected.filter { keys.contains($0) || !definition.optional.contains($0) })
            for (key, value) in change.fields {
                let values = definition.attributes.first { $0.key == key }?.values
                #expect(values?.contains(value) ?? true, "\(change.event): \(key)=\(value)")
            }
        }
    }

    private static func failure(_ reason: FailureReason) -> Outcome {
        Outcome(reason: reason, verdict: .unknown, breaker: .counts, reaction: .none)
    }
}
