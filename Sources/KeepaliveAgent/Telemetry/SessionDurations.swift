// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Telemetry

/// `mcp.client.session.duration`: how long the agent's own sessions lived. It does not know when those of others began.
struct SessionDurations: Sendable {
    private let histogram: Histogram
    private var attributes: [AttributeSet]
    private var starts: [SessionHandle: Tick] = [:]

    init(meter: Meter, templates: [SpanTemplates]) {
        histogram = meter.histogram(Catalog.sessionDuration)
        attributes = templates.map(\.common)
    }

    /// Takes over what sessions of a backend have in common from now on.
    mutating func replace(_ template: SpanTemplates, at index: Int) {
        attributes.replaceOrAppend(template.common, at: index)
    }

    /// A session was opened; one that had the same handle has been replaced and ends without an error.
    mutating func opened(_ session: SessionHandle, on backend: BackendIndex, at now: Tick) {
        ended(session, on: backend, at: now, error: nil)
        starts[session] = now
    }

    /// A session ended: it was closed, or lost for the reason `error`. Nothing happens if it was none of the agent's.
    mutating func ended(_ session: SessionHandle, on backend: BackendIndex, at now: Tick, error: FailureReason?) {
        guard let start = starts.removeValue(forKey: session) else { return }
        let attributes = attributes[Int(backend)]
        let further = error.map { [Attribute("error.type", .string($0.rawValue))] } ?? []
        histogram.series(for: attributes.adding(further)).record((now - start).fractionalSeconds)
    }
}
