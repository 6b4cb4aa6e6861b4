// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Telemetry

/// `mcp.client.operation.duration`: the same calls as `keepalive_latency_ms`, with the attributes of their CLIENT spans.
///
/// The protocol version and the code of an error are known when a call ends, so its series cannot exist before.
struct CallDurations: Sendable {
    /// What tells the series of one backend apart.
    private struct Key: Hashable {
        let backend: BackendIndex
        let method: CallMethod
        let protocolVersion: String
        let errorType: String
        let rpcErrorCode: Int64?
    }

    private let histogram: Histogram
    private var templates: [SpanTemplates]
    private var series: [Key: HistogramSeries] = [:]
    /// By backend and method the series of the last success: the next one is nearly always of the same version, and needs no
    /// key then.
    private var lastSuccesses: [(protocolVersion: String, series: HistogramSeries)?]

    init(meter: Meter, templates: [SpanTemplates]) {
        histogram = meter.histogram(Catalog.operationDuration)
        self.templates = templates
        lastSuccesses = Array(repeating: nil, count: 2 * templates.count)
    }

    /// Takes over what calls on a backend have in common from now on.
    mutating func replace(_ template: SpanTemplates, at index: Int) {
        templates.replaceOrAppend(template, at: index)
        series = series.filter { $0.key.backend != BackendIndex(index) }
        lastSuccesses.replaceOrAppend(nil, at: 2 * index)
        lastSuccesses.replaceOrAppend(nil, at: 2 * index + 1)
    }

    /// Records one call that ended.
    mutating func record(_ attempt: Attempt, _ outcome: Outcome, _ record: CallRecord) {
        let slot = 2 * Int(attempt.backend) + (attempt.method == .ping ? 0 : 1)
        let isPlain = outcome.isSuccess && record.rpcErrorCode == nil
        if isPlain, let last = lastSuccesses[slot], last.protocolVersion == record.protocolVersion {
            return last.series.record(record.duration.fractionalSeconds)
        }
        let key = Key(
            backend: attempt.backend,
            method: attempt.method,
            protocolVersion: record.protocolVersion,
            errorType: outcome.reason.map(record.errorType) ?? "",
            rpcErrorCode: record.rpcErrorCode
        )
        let series = series[key] ?? makeSeries(key)
        series.record(record.duration.fractionalSeconds)
        if isPlain { lastSuccesses[slot] = (record.protocolVersion, series) }
    }

    private mutating func makeSeries(_ key: Key) -> HistogramSeries {
        let template = templates[Int(key.backend)]
        var further: [Attribute] = []
        if !key.protocolVersion.isEmpty {
            further.append(Attribute("mcp.protocol.version", .string(key.protocolVersion)))
        }
        if let code = key.rpcErrorCode { further.append(Attribute("rpc.response.status_code", .string("\(code)"))) }
        if !key.errorType.isEmpty { further.append(Attribute("error.type", .string(key.errorType))) }
        let attributes = (key.method == .ping ? template.ping : template.tool).adding(further)
        let made = histogram.series(for: attributes)
        // A backend may invent error codes; beyond the limit all of them share one series, and so does what is kept here.
        if made.attributes != .overflow { series[key] = made }
        return made
    }
}
