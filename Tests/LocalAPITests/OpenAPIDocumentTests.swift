// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import HTTPTypes
import Testing
import Yams

@testable import LocalAPI

/// Holds the sources to `docs/openapi.yaml`.
@Suite struct OpenAPIDocumentTests {
    private static let file = URL(filePath: #filePath).appending(path: "../../../docs/openapi.yaml").standardized

    private let document: [String: Any]

    init() throws {
        document = try #require(Yams.load(yaml: String(contentsOf: Self.file, encoding: .utf8)) as? [String: Any])
    }

    private func part(_ keys: String...) throws -> [String: Any] {
        var part = document
        for key in keys { part = try #require(part[key] as? [String: Any], "\(keys)") }
        return part
    }

    // MARK: Paths

    private static let endpoints: [String: Endpoint] = [
        "/livez": .live,
        "/readyz": .ready,
        "/v1/status": .status,
        "/v1/backends": .backends,
        "/v1/sessions": .sessions,
        "/v1/events": .events,
        "/v1/reload": .reload,
        "/v1/backends/{backend}/sessions/{key}": .session(backend: "{backend}", key: "{key}"),
        "/v1/backends/{backend}/sessions/{key}/renew": .renewal(backend: "{backend}", key: "{key}"),
        "/v1/backends/{backend}/sessions/{key}/suspend": .suspension(backend: "{backend}", key: "{key}"),
        "/v1/backends/{backend}/probe": .probe(backend: "{backend}"),
        "/v1/backends/{backend}/enable": .enabling(backend: "{backend}"),
        "/v1/backends/{backend}/disable": .disabling(backend: "{backend}"),
    ]

    /// Stops compiling when there is another endpoint, which needs an entry above.
    private static func count(_ endpoint: Endpoint) -> Int {
        switch endpoint {
        case .live, .ready, .status, .backends, .sessions, .events, .reload, .session, .renewal, .suspension, .probe,
            .enabling, .disabling:
            13
        }
    }

    @Test func `the document has the paths, methods and parameters that there are`() throws {
        let paths = try part("paths")
        #expect(Set(paths.keys) == Set(Self.endpoints.keys) && paths.count == Self.count(.live))
        for (path, endpoint) in Self.endpoints {
            #expect(try Endpoint(RequestTarget(path).segments) == endpoint)
            let operations = try part("paths", path)
            let methods = Set(operations.keys).subtracting(["parameters"])
            #expect(methods == Set(endpoint.methods.map { $0.rawValue.lowercased() }).subtracting(["head"]), "\(path)")
            let parameters = (operations["get"] as? [String: Any])?["parameters"] as? [[String: Any]] ?? []
            let inQuery = parameters.filter { $0["in"] as? String == "query" }.compactMap { $0["name"] as? String }
            #expect(inQuery == endpoint.parameters, "\(path)")
        }
    }

    // MARK: Problems

    @Test func `the document has the codes that there are, each with its status`() throws {
        var found: [String: Set<Int>] = [:]
        for (name, response) in try part("components", "responses") {
            let content = (response as? [String: Any])?["content"] as? [String: Any]
            guard let problem = content?["application/problem+json"] as? [String: Any] else {
                #expect(name == "Healthy")
                continue
            }
            let parts = try #require((problem["schema"] as? [String: Any])?["allOf"] as? [[String: Any]])
            let properties = try #require(parts.last?["properties"] as? [String: [String: Any]])
            let status = try #require(properties["status"]?["const"] as? Int)
            for code in try #require(properties["code"]?["enum"] as? [String]) {
                found[code, default: []].insert(status)
            }
        }
        let codes = Dictionary(uniqueKeysWithValues: ProblemCode.allCases.map { ($0.rawValue, Set([$0.status])) })
        #expect(found == codes)
    }

    // MARK: Schemas

    /// One of each, with all that it can have.
    private static let samples: [any Codable & Sendable] = {
        let time = FakeControlPlane.now
        var registration = SessionRegistration(sessionID: "s")
        (registration.protocolVersion, registration.headers, registration.leaseSeconds) = ("v", [:], 1)
        (registration.lastActivity, registration.lifetimeSeconds) = (time, 1)
        var session = SessionView(backend: "b", source: .api, state: .active, lastActivity: time)
        (session.key, session.session, session.protocolVersion) = ("k", "h", "v")
        (session.lastSuccess, session.nextKeepalive, session.leaseExpiresAt) = (time, time, time)
        var backend = FakeControlPlane.backend
        (backend.reason, backend.ttlSeconds, backend.latencyP95Milliseconds) = ("r", 1, 1)
        (backend.lastAttempt, backend.lastSuccess, backend.disabledSince, backend.next) = (time, time, time, time)
        var event = AgentEvent(id: "1", kind: .lost, time: time, backend: "b")
        (event.key, event.session, event.reason, event.method) = ("k", "h", "r", "ping")
        (event.latencyMilliseconds, event.idleSeconds) = (1, 1)
        let configuration = ConfigurationView(file: "f", loadedAt: time, problem: "p")
        let telemetry = TelemetryView(state: .ok, endpoint: "e", lastSuccess: time)
        let storage = StorageView(state: .ok, directory: "d", problem: "p")
        let webhook = WebhookView(state: .ok, endpoint: "e", lastSuccess: time, problem: "p")
        return [
            registration, SessionRenewal(leaseSeconds: 1, lastActivity: time), SessionSuspension(seconds: 1),
            BackendHold(forSeconds: 1), session, SessionPage(sessions: [], next: "n"), backend,
            BackendList(backends: []),
            SessionGrant(backend: "b", key: "k", leaseExpiresAt: time, suspendedUntil: time, durable: true),
            ReleaseReport(backend: "b", key: "k", durable: true),
            ProbeReport(backend: backend, succeeded: true, reason: "r", latencyMilliseconds: 1), ReloadReport(),
            StatusView(
                version: "v",
                pid: 1,
                startedAt: time,
                now: time,
                configuration: configuration,
                telemetry: telemetry,
                storage: storage,
                webhook: webhook,
                backends: []
            ),
            configuration, telemetry, storage, webhook, event, ControlProblem(.internalError, "d"),
        ]
    }()

    @Test func `the document has the keys that bodies have, and knows which are always there`() throws {
        var names: Set<String> = ["Name", "Time", "EventKind"]
        for sample in Self.samples {
            let name = String(describing: type(of: sample)).replacing("ControlProblem", with: "Problem")
            names.insert(name)
            let schema = try part("components", "schemas", name)
            let properties = try #require(schema["properties"] as? [String: Any])
            let json = try JSONSerialization.jsonObject(with: try ControlJSON.encode(sample)) as? [String: Any]
            let keys = try #require(json).keys
            let stored = Mirror(reflecting: sample).children
            #expect(keys.count == stored.count, "the sample of \(name) lacks a value")
            #expect(Set(properties.keys) == Set(keys), "\(name)")
            #expect(try required(sample) == Set(schema["required"] as? [String] ?? []), "\(name)")
            #expect((schema["additionalProperties"] as? Bool == false) == (sample is any RequestBody), "\(name)")
        }
        #expect(try Set(part("components", "schemas").keys) == names)
    }

    /// The keys without which a value cannot be read.
    private func required(_ sample: any Codable) throws -> Set<String> {
        let data = try ControlJSON.encode(sample)
        let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return Set(
            json.keys.filter { key in
                var rest = json
                rest[key] = nil
                guard let data = try? JSONSerialization.data(withJSONObject: rest) else { return false }
                return !canDecode(sample, data)
            }
        )
    }

    private func canDecode<Value: Codable>(_ sample: Value, _ data: Data) -> Bool {
        (try? ControlJSON.decode(Value.self, from: data)) != nil
    }

    private func words(_ keys: String...) throws -> [String]? {
        var part = try part("components", "schemas")
        for key in keys { part = try #require(part[key] as? [String: Any], "\(keys)") }
        return part["enum"] as? [String]
    }

    @Test func `the document has the words and the ranges that there are`() throws {
        #expect(try words("SessionView", "properties", "source") == SessionView.Source.allCases.map(\.rawValue))
        #expect(try words("SessionView", "properties", "state") == SessionView.State.allCases.map(\.rawValue))
        #expect(try words("BackendView", "properties", "state") == BackendView.State.allCases.map(\.rawValue))
        #expect(try words("TelemetryView", "properties", "state") == TelemetryView.State.allCases.map(\.rawValue))
        #expect(try words("StorageView", "properties", "state") == StorageView.State.allCases.map(\.rawValue))
        #expect(try words("WebhookView", "properties", "state") == WebhookView.State.allCases.map(\.rawValue))
        #expect(try words("EventKind") == AgentEvent.Kind.allCases.map(\.rawValue))

        for (name, body) in [
            ("SessionRegistration", SessionRegistration.self as any RequestBody.Type),
            ("SessionRenewal", SessionRenewal.self),
            ("SessionSuspension", SessionSuspension.self), ("BackendHold", BackendHold.self),
        ] {
            for (key, property) in try part("components", "schemas", name, "properties") {
                let property = try #require(property as? [String: Any])
                guard let low = property["minimum"] as? Int, let high = property["maximum"] as? Int else { continue }
                for (number, isTaken) in [(low, true), (low - 1, false), (high, true), (high + 1, false)] {
                    let id = name == "SessionRegistration" ? #", "session_id": "s""# : ""
                    let data = Data(#"{"\#(key)": \#(number)\#(id)}"#.utf8)
                    #expect(((try? decode(body, data)) != nil) == isTaken, "\(name).\(key) \(number)")
                }
            }
        }
    }

    private func decode(_ type: (some RequestBody).Type, _ data: Data) throws -> any RequestBody {
        try ControlJSON.decodeBody(type, from: data)
    }
}
