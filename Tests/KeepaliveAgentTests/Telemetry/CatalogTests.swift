// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// What the catalogue says is what is emitted, and nothing else is.
@Suite(.timeLimit(.minutes(1)))
struct CatalogTests {
    /// All metrics of two backends that use every instrument.
    private static func snapshot() async throws -> MetricSnapshot {
        let agent = try TestAgent.make([
            .test("alpha", "http://127.0.0.1:1/", tool: "peek") { policy in
                policy.method = .ping(hasFallback: true)
                policy.sessionTTL = .seconds(600)
            },
            .test("beta", "http://127.0.0.1:1/", tool: "peek") { policy in
                policy.method = .ping(hasFallback: true)
                policy.sessionTTL = .seconds(600)
            },
        ])
        let snapshot = await agent.collect()
        await agent.reactor.shutdown(within: .zero)
        return snapshot
    }

    @Test func `names are unique and follow the field's rules`() {
        let names = Catalog.metrics.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in Catalog.metrics {
            #expect(metric.name.hasPrefix("keepalive_"))
            #expect(metric.name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x5F })
            #expect(metric.description.hasSuffix("."))
            let keys = metric.attributes.map(\.key)
            #expect(Set(keys).count == keys.count)
            for attribute in metric.attributes { #expect(attribute.values?.isEmpty != true) }
            // Units in seconds are in the name, as Prometheus wants it.
            #expect(metric.name.hasSuffix("_seconds") == (metric.unit == "s"))
        }
    }

    @Test func `the five core metrics have the names of the contract`() {
        let core = Catalog.metrics.prefix(5).map(\.name)
        #expect(
            core == [
                "keepalive_attempt_count", "keepalive_success_count", "keepalive_failure_count", "keepalive_latency_ms",
                "keepalive_auto_disabled_total",
            ]
        )
        #expect(Catalog.failures.attributes.map(\.key) == ["backend", "method", "reason"])
        #expect(Catalog.latency.attributes.map(\.key) == ["backend", "method", "outcome"])
        #expect(Catalog.autoDisabled.attributes.map(\.key) == ["backend", "reason"])
        #expect(Catalog.method.values == ["ping", "tool"])
        #expect(Catalog.failureReason.values?.count == 21)
    }

    @Test func `exactly the metrics of the catalogue are registered, in its order`() async throws {
        let snapshot = try await Self.snapshot()
        #expect(snapshot.metrics.map(\.description.name) == Catalog.metrics.map(\.name))
    }

    @Test func `each has the unit, the description and the kind of the catalogue`() async throws {
        let snapshot = try await Self.snapshot()
        for (metric, definition) in zip(snapshot.metrics, Catalog.metrics) {
            #expect(metric.description.unit == definition.unit)
            #expect(metric.description.description == definition.description)
            switch (definition.kind, metric.data) {
            case (.counter, .sum(_, isMonotonic: true, .cumulative)),
                (.upDownCounter, .sum(_, isMonotonic: false, .cumulative)), (.gauge, .gauge):
                break
            case (.histogram(let bounds), .histogram(let points, .cumulative)):
                #expect(points.allSatisfy { $0.bounds.values == bounds })
            default: Issue.record("\(definition.name) is of another kind")
            }
        }
    }

    @Test func `every combination of the closed sets is emitted from the start, and nothing else`() async throws {
        let snapshot = try await Self.snapshot()
        for definition in Catalog.metrics {
            let emitted = snapshot.attributeSets(definition.name)
            let expected = Self.combinations(of: definition.attributes)
            #expect(Set(emitted) == Set(expected), "\(definition.name)")
            #expect(emitted.count == expected.count, "\(definition.name)")
        }
    }

    @Test func `every reason and state of the engine is in a closed set`() {
        #expect(Catalog.failureReason.values == FailureReason.allCases.map(\.rawValue).filter { $0 != "cancelled" })
        #expect(Catalog.skipReason.values == SkipReason.allCases.map(\.rawValue))
        #expect(Catalog.reenableReason.values == ReenableReason.allCases.map(\.rawValue))
        #expect(Catalog.lossReason.values == LossReason.allCases.map(\.rawValue))
        #expect(Catalog.breakerStateValue.values == CircuitBreaker.State.allCases.map(\.rawValue))
        #expect(Catalog.sessionState.values == ["active", "paused", "not_applicable", "unopened"])
    }

    @Test func `as many backends as a configuration may have keep all series below the limit`() {
        let meter = Meter(scope: InstrumentationScope(name: "test"), startTime: 0)
        let count = 300
        let instruments = Instruments(meter: meter, backends: count)
        #expect(instruments.meter === meter)
        // The largest metric has 2 x 21 series per backend.
        let failures = meter.counter("keepalive_failure_count", unit: "{attempt}", description: "")
        for backend in 0..<count {
            for method in ["ping", "tool"] {
                for reason in FailureReason.counted {
                    let attributes: AttributeSet = [
                        "backend": "\(backend)", "method": "\(method)", "reason": "\(reason.rawValue)",
                    ]
                    #expect(failures.series(for: attributes).attributes == attributes)
                }
            }
        }
    }

    private static func combinations(of attributes: [AttributeDefinition]) -> [AttributeSet] {
        attributes.reduce([AttributeSet.empty]) { sets, attribute in
            sets.flatMap { set in
                (attribute.values ?? ["alpha", "beta"]).map { set.adding([Attribute(attribute.key, .string($0))]) }
            }
        }
    }
}
