// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// A batch as the agent exports it: per keepalive a root span and the span of its ping.
enum SampleSpans {
    /// The default batch of OpenTelemetry's span processor.
    static let count = 512

    static let resource = Resource(
        AttributeSet([
            Attribute("service.name", "mcp-keepalive"),
            Attribute("service.version", "0.1.0"),
            Attribute("service.instance.id", "627cc493-f310-47de-96bd-71410b7dec09"),
            Attribute("telemetry.sdk.name", "mcp-keepalive"),
            Attribute("telemetry.sdk.language", "swift"),
            Attribute("telemetry.sdk.version", "0.1.0"),
            Attribute("host.name", "host-1"),
            Attribute("os.type", "linux"),
            Attribute("process.pid", 4711),
        ])
    )
    static let scope = InstrumentationScope(name: "mcp-keepalive", version: "0.1.0")
    private static let call = AttributeSet([
        Attribute("backend", "search"),
        Attribute("network.transport", "tcp"),
        Attribute("network.protocol.name", "http"),
        Attribute("network.protocol.version", "1.1"),
        Attribute("server.address", "mcp.example.com"),
        Attribute("server.port", 443),
        Attribute("mcp.method.name", "ping"),
    ])

    /// The same spans every time but for their ids, which are random as in production: they are what does not compress.
    static func make() -> [Telemetry.Span] {
        var generator = SystemRandomNumberGenerator()
        var time: UInt64 = 1_764_115_200_000_000_000
        return (0..<count / 2).flatMap { index in
            let root = SpanContext.root(using: &generator)
            let child = root.child(using: &generator)
            time += UInt64.random(in: 1_000_000...50_000_000, using: &generator)
            let end = time + UInt64.random(in: 500_000...80_000_000, using: &generator)
            var ping = Telemetry.Span(
                scope: scope,
                context: child,
                parent: root.spanID,
                name: "ping",
                kind: .client,
                start: time,
                end: end
            )
            ping.sharedAttributes = call
            ping.attributes = [
                Attribute("jsonrpc.request.id", .string("\(index)")),
                Attribute("mcp.session.id", .string(Self.sessions[index % Self.sessions.count])),
                Attribute("mcp.protocol.version", "2025-11-25"),
            ]
            var cycle = Telemetry.Span(scope: scope, context: root, name: "keepalive", start: time, end: end + 20_000)
            cycle.attributes = [
                Attribute("backend", "search"), Attribute("method", "ping"), Attribute("outcome", "success"),
            ]
            return [ping, cycle]
        }
    }

    /// What the agent writes of session ids: 16 digits of a keyed hash, here those of 16 sessions.
    private static let sessions = (1...16 as ClosedRange<UInt64>).map { session in
        SpanID(session &* 0x9E37_79B9_7F4A_7C15).description
    }
}
