// SPDX-License-Identifier: Apache-2.0

internal import LogText
public import Logging
public import OTLPExport
internal import Telemetry
internal import Tracing

/// Writes what swift-log's loggers say to stderr, one line a record and one system call a line.
///
/// Lines that say `trace_id` and `span_id` were logged during a span; the pretty format leaves them out.
public struct StandardErrorLogHandler: LogHandler {
    /// How lines look.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// For people: time, level, message, facts.
        case pretty
        /// `key=value` pairs.
        case logfmt
        /// One JSON object a line.
        case json
    }

    /// Less important messages are not written.
    public var logLevel: Logger.Level
    /// Metadata of every line.
    public var metadata: Logger.Metadata = [:]
    /// Metadata of the moment of logging.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: Format
    private let log: StandardErrorLog
    private let now: @Sendable () -> UInt64

    /// A handler for one logger.
    /// - Parameters:
    ///   - label: the logger's label, a fact of every line.
    ///   - format: how lines look.
    ///   - level: less important messages are not written.
    ///   - metadataProvider: metadata of the moment of logging, `LoggingSystem`'s for instance.
    ///   - isColored: whether pretty lines have colors, for a terminal.
    ///   - isUnderJournal: whether systemd's journal reads the lines: they begin with its priority then, and logfmt ones
    ///     leave the time out.
    ///   - descriptor: the open file to write to, stderr by default.
    ///   - now: the wall clock, in nanoseconds since 1970.
    public init(
        label: String,
        format: Format = .pretty,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        isColored: Bool = false,
        isUnderJournal: Bool = false,
        descriptor: Int32 = 2,
        now: @escaping @Sendable () -> UInt64 = SystemTime.nanoseconds
    ) {
        self.label = label
        self.format = format
        logLevel = level
        self.metadataProvider = metadataProvider
        log = StandardErrorLog(
            format: LogFormat(format),
            level: .trace,
            isColored: isColored,
            isUnderJournal: isUnderJournal,
            descriptor: descriptor
        )
        self.now = now
    }

    /// Metadata of every line, by key.
    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        let facts = LoggedFacts([metadata, metadataProvider?.get(), event.metadata], error: event.error)
        var fields = [(key: "logger", value: label)]
        if format != .pretty, let span = ServiceContext.current?.spanContext {
            fields.append((key: "trace_id", value: span.traceID.description))
            fields.append((key: "span_id", value: span.spanID.description))
        }
        fields += facts.attributes.map { (key: fieldName($0.key), value: $0.value.text) }
        log.write(
            LogLine(
                unixNanoseconds: now(),
                level: LogLevel(event.level),
                message: event.message.description,
                event: facts.eventName.map { fieldName($0) },
                fields: fields
            )
        )
    }

    /// Keys are never quoted in the formats for text, so what would end one becomes an underscore.
    private func fieldName(_ key: String) -> String {
        guard format != .json else { return key }
        return String(key.map { $0.isWhitespace || $0 == "=" || $0 == "\"" || $0.isControl ? "_" : $0 })
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension LogFormat {
    fileprivate init(_ format: StandardErrorLogHandler.Format) {
        switch format {
        case .pretty: self = .pretty
        case .logfmt: self = .logfmt
        case .json: self = .json
        }
    }
}
