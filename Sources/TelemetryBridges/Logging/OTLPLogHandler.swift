// SPDX-License-Identifier: Apache-2.0

internal import LogText
public import Logging
public import OTLPExport
internal import Telemetry
internal import Tracing

/// Makes OTLP log records of what swift-log's loggers write.
///
/// A record bears the ids of the span during which it was logged, the label as its instrumentation scope, the metadata as
/// attributes (dictionaries flattened with dots) and, unless switched off, the place in the code. Metadata of the key
/// ``eventNameKey`` names the event that the record is.
///
/// What is logged while an export reports on itself is left out: see `ExportReport`.
public struct OTLPLogHandler: LogHandler {
    /// The key of metadata that becomes the record's event name and no attribute.
    public static let eventNameKey = "event.name"

    /// Less important messages are not recorded.
    public var logLevel: Logger.Level
    /// Metadata of every record.
    public var metadata: Logger.Metadata = [:]
    /// Metadata of the moment of logging.
    public var metadataProvider: Logger.MetadataProvider?

    private let scope: InstrumentationScope
    private let sink: any RecordSink
    private let recordsCodeLocation: Bool
    private let now: @Sendable () -> UInt64

    /// A handler for one logger.
    /// - Parameters:
    ///   - label: the logger's label, the name of the scope.
    ///   - sink: where records go, an `ExportPipeline` for instance.
    ///   - level: less important messages are not recorded.
    ///   - metadataProvider: metadata of the moment of logging, `LoggingSystem`'s for instance.
    ///   - recordsCodeLocation: whether records say where in the code they were logged (`code.file.path`,
    ///     `code.function.name`, `code.line.number`).
    ///   - now: the wall clock, in nanoseconds since 1970.
    public init(
        label: String,
        sink: any RecordSink,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        recordsCodeLocation: Bool = true,
        now: @escaping @Sendable () -> UInt64 = SystemTime.nanoseconds
    ) {
        scope = InstrumentationScope(name: label)
        self.sink = sink
        logLevel = level
        self.metadataProvider = metadataProvider
        self.recordsCodeLocation = recordsCodeLocation
        self.now = now
    }

    /// Metadata of every record, by key.
    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Queues a record of the event.
    public func log(event: LogEvent) {
        guard !ExportReport.isUnderWay else { return }
        var facts = LoggedFacts([metadata, metadataProvider?.get(), event.metadata], error: event.error)
        if recordsCodeLocation {
            facts.addIfAbsent("code.file.path", .string(event.file))
            facts.addIfAbsent("code.function.name", .string(event.function))
            facts.addIfAbsent("code.line.number", .int(Int64(clamping: event.line)))
        }
        sink.enqueue(
            LogRecord(
                scope: scope,
                time: now(),
                severity: LogLevel(event.level).severity,
                body: .string(event.message.description),
                eventName: facts.eventName ?? "",
                attributes: facts.attributes,
                context: ServiceContext.current?.spanContext
            )
        )
    }
}
