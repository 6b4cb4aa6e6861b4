// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// What a signal consists of, as the names of `otel.sdk.*` have it.
enum SelfObservedItem: String, Sendable, CaseIterable {
    case span
    case log
    case metricDataPoint = "metric_data_point"

    static let readerType = "periodic_metric_reader"
    static let server = [
        SelfMetric.Attribute(key: "server.address", values: nil), SelfMetric.Attribute(key: "server.port", values: nil),
    ]

    init(_ signal: Signal) {
        switch signal {
        case .traces: self = .span
        case .metrics: self = .metricDataPoint
        case .logs: self = .log
        }
    }

    /// The part of a metric's name.
    var word: String { rawValue }

    var plural: String {
        switch self {
        case .span: "Spans"
        case .log: "Log records"
        case .metricDataPoint: "Metric points"
        }
    }

    var unit: String {
        switch self {
        case .span: "{span}"
        case .log: "{log_record}"
        case .metricDataPoint: "{data_point}"
        }
    }

    /// `otel.component.type` of the processor; metrics have none.
    var processorType: String? {
        switch self {
        case .span: "batching_span_processor"
        case .log: "batching_log_processor"
        case .metricDataPoint: nil
        }
    }

    /// `otel.component.type` of the exporter.
    var exporterType: String {
        switch self {
        case .span: "otlp_http_json_span_exporter"
        case .log: "otlp_http_json_log_exporter"
        case .metricDataPoint: "otlp_http_json_metric_exporter"
        }
    }

    var processor: [SelfMetric.Attribute] { SelfObservedItem.component(processorType.map { [$0] } ?? []) }

    var exporter: [SelfMetric.Attribute] { SelfObservedItem.component([exporterType]) + SelfObservedItem.server }

    /// The attributes that name a component, as a metric has them.
    static func component(_ types: [String]) -> [SelfMetric.Attribute] {
        [
            SelfMetric.Attribute(key: "otel.component.type", values: types),
            SelfMetric.Attribute(key: "otel.component.name", values: types.map { "\($0)/0" }),
        ]
    }

    /// The attributes that name a component, as a point has them: of each type there is one.
    static func component(_ type: String) -> AttributeSet {
        ["otel.component.type": .string(type), "otel.component.name": "\(type)/0"]
    }
}
