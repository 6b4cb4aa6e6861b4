// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import Testing

@Suite struct ControlJSONTests {
    private func decode<Body: RequestBody>(_ text: String, as type: Body.Type = Body.self) throws -> Body {
        try ControlJSON.decodeBody(type, from: Data(text.utf8))
    }

    @Test func `a registration is read with all that it can have`() throws {
        let registration: SessionRegistration = try decode(
            """
            {"session_id": "s-1", "protocol_version": "2025-11-25", "headers": {"x_api_key": "${env:KEY}"},
             "lease_seconds": 60, "last_activity": "2026-11-26T08:00:00.250Z", "lifetime_seconds": 3600}
            """
        )
        #expect(registration.sessionID == "s-1" && registration.protocolVersion == "2025-11-25")
        #expect(registration.headers == ["x_api_key": "${env:KEY}"])
        #expect(registration.leaseSeconds == 60 && registration.lifetimeSeconds == 3600)
        #expect(registration.lastActivity == Date(timeIntervalSince1970: 1_795_680_000.25))
    }

    @Test(arguments: [
        "2026-11-26T08:00:00Z", "2026-11-26T08:00:00.000Z", "2026-11-26T08:00:00+00:00", "2026-11-26T10:00:00+02:00",
        "2026-11-26T08:00:00.000000+00:00",
    ])
    func `times are taken in every form of RFC 3339`(text: String) throws {
        let renewal: SessionRenewal = try decode(#"{"last_activity": "\#(text)"}"#)
        #expect(renewal.lastActivity == Date(timeIntervalSince1970: 1_795_680_000))
    }

    @Test func `no body is an empty object`() throws {
        #expect(try decode("", as: SessionSuspension.self) == SessionSuspension())
    }

    @Test(arguments: [
        (#"{"session_id": "a", "lease_second": 1}"#, "unknown key 'lease_second'"),
        (#"{"lease_seconds": 1}"#, "session_id is missing"),
        (#"{"session_id": 7}"#, "session_id has the wrong type"),
        (#"{"session_id": "a b"}"#, "session_id: expected"),
        (#"{"session_id": ""}"#, "session_id: expected"),
        (#"{"session_id": "a", "lease_seconds": 0}"#, "lease_seconds: expected 1 to 86400, found 0"),
        (#"{"session_id": "a", "lease_seconds": 1.5}"#, "a number is too large or not a whole one"),
        (#"{"session_id": "a", "last_activity": "yesterday"}"#, "last_activity: expected an RFC 3339 time"),
        (#"{"session_id": "a", "headers": {"x": 1}}"#, "headers.x has the wrong type"),
        ("[]", "expected a JSON object"), ("{", "this is not valid JSON"), ("\u{0}", "this is not valid JSON"),
    ])
    func `what is wrong is told, and no value is repeated`(text: String, problem: String) {
        let error = #expect(throws: ControlProblem.self) { try decode(text, as: SessionRegistration.self) }
        #expect(error?.code == .invalidBody && error?.status == 400)
        #expect(error?.detail.contains(problem) == true, "\(error?.detail ?? "")")
        #expect(error?.detail.contains("yesterday") == false && error?.detail.contains("a b") == false)
    }

    @Test func `an answer has the names of the specification and times with milliseconds`() throws {
        let grant = SessionGrant(
            backend: "b",
            key: "k",
            leaseExpiresAt: Date(timeIntervalSince1970: 1_795_680_000),
            durable: true
        )
        let text = String(decoding: try ControlJSON.encode(grant), as: UTF8.self)
        #expect(text == #"{"backend":"b","durable":true,"key":"k","lease_expires_at":"2026-11-26T08:00:00.000Z"}"#)
        #expect(try ControlJSON.decode(SessionGrant.self, from: Data(text.utf8)) == grant)
    }

    @Test func `every problem has a status and a type of its own`() {
        let problems = ProblemCode.allCases.map { ControlProblem($0, "") }
        #expect(Set(problems.map(\.type)).count == ProblemCode.allCases.count)
        #expect(problems.allSatisfy { (400...503).contains($0.status) && !$0.title.isEmpty })
    }
}
