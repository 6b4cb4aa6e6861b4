// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

extension OTLPEnvironment {
    /// How much of a record is exported ("Attribute Limits", "Span Limits", "LogRecord Limits").
    public struct Limits: Sendable, Hashable {
        /// `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`.
        public private(set) var spanAttributes: Int?
        /// `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`.
        public private(set) var spanValueLength: Int?
        /// `OTEL_SPAN_EVENT_COUNT_LIMIT`.
        public private(set) var spanEvents: Int?
        /// `OTEL_SPAN_LINK_COUNT_LIMIT`.
        public private(set) var spanLinks: Int?
        /// `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`.
        public private(set) var eventAttributes: Int?
        /// `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`.
        public private(set) var linkAttributes: Int?
        /// `OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`.
        public private(set) var logAttributes: Int?
        /// `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`.
        public private(set) var logValueLength: Int?

        init() {}

        init(with reader: inout EnvironmentReader) {
            let count = reader.count("OTEL_ATTRIBUTE_COUNT_LIMIT")
            let length = reader.count("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")
            spanAttributes = reader.count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? count
            spanValueLength = reader.count("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length
            spanEvents = reader.count("OTEL_SPAN_EVENT_COUNT_LIMIT")
            spanLinks = reader.count("OTEL_SPAN_LINK_COUNT_LIMIT")
            eventAttributes = reader.count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT")
            linkAttributes = reader.count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT")
            logAttributes = reader.count("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") ?? count
            logValueLength = reader.count("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length
        }

        /// Changes what is set.
        func apply(to configuration: inout OTLPConfiguration) {
            if let spanAttributes { configuration.spanLimits.attributes = spanAttributes }
            if let spanValueLength { configuration.spanLimits.valueLength = spanValueLength }
            if let spanEvents { configuration.spanLimits.events = spanEvents }
            if let spanLinks { configuration.spanLimits.links = spanLinks }
            if let eventAttributes { configuration.spanLimits.attributesPerEvent = eventAttributes }
            if let linkAttributes { configuration.spanLimits.attributesPerLink = linkAttributes }
            if let logAttributes { configuration.logRecordLimits.attributes = logAttributes }
            if let logValueLength { configuration.logRecordLimits.valueLength = logValueLength }
        }
    }
}
