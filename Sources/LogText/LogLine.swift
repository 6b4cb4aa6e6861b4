// SPDX-License-Identifier: Apache-2.0

import JSONText

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One log record as it goes to stderr.
package struct LogLine: Sendable {
    /// Nanoseconds since 1970.
    package var unixNanoseconds: UInt64
    package var level: LogLevel
    package var message: String
    /// The event's name, for a change of state.
    package var event: String?
    /// Further facts, in order; never secrets.
    package var fields: [(key: String, value: String)]

    package init(
        unixNanoseconds: UInt64,
        level: LogLevel,
        message: String,
        event: String? = nil,
        fields: [(key: String, value: String)] = []
    ) {
        self.unixNanoseconds = unixNanoseconds
        self.level = level
        self.message = message
        self.event = event
        self.fields = fields
    }

    /// The line without its newline.
    ///
    /// - Parameter underJournal: leave the time out and put the priority first, as systemd's journal wants it.
    package func rendered(as format: LogFormat, colored: Bool = false, underJournal: Bool = false) -> String {
        switch format {
        case .pretty: pretty(colored: colored)
        case .logfmt: logfmt(underJournal: underJournal)
        case .json: json()
        }
    }

    private func pretty(colored: Bool) -> String {
        func paint(_ text: String, _ code: String) -> String { colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
        let name = level.label + String(repeating: " ", count: 5 - level.label.count)
        let color =
            switch level {
            case .trace, .debug: "2"
            case .info, .notice: "32"
            case .warning: "33"
            case .error, .critical: "31"
            }
        let time = timestamp.dropFirst(11).dropLast(1)
        var line = "\(paint(String(time), "2")) \(paint(name, color)) \(Self.oneLine(message))"
        let facts = fields.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: " ")
        if !facts.isEmpty { line += "  " + paint(facts, "2") }
        return line
    }

    private func logfmt(underJournal: Bool) -> String {
        var pairs: [String] = []
        if !underJournal { pairs.append("time=\(timestamp)") }
        pairs.append("level=\(level.rawValue)")
        if let event { pairs.append("event=\(event)") }
        pairs.append("msg=\(Self.quoted(message))")
        pairs += fields.map { "\($0.key)=\(Self.quoted($0.value))" }
        return (underJournal ? "<\(level.journalPriority)>" : "") + pairs.joined(separator: " ")
    }

    private func json() -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("time")
        writer.string(timestamp)
        writer.key("level")
        writer.string(level.rawValue)
        if let event {
            writer.key("event")
            writer.string(event)
        }
        writer.key("msg")
        writer.string(message)
        for field in fields {
            writer.key(escaping: field.key)
            writer.string(field.value)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The time in RFC 3339, in UTC, to the millisecond.
    private var timestamp: String { Self.timestamp(unixNanoseconds) }

    /// The time of day in UTC, to the second, as in `12:04:31`.
    package static func timeOfDay(_ unixNanoseconds: UInt64) -> String {
        String(timestamp(unixNanoseconds).dropFirst(11).prefix(8))
    }

    private static func timestamp(_ unixNanoseconds: UInt64) -> String {
        var seconds = time_t(unixNanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&seconds, &parts) != nil else { return "\(unixNanoseconds)" }
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date =
            unsafe "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
        let time = unsafe "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
        return "\(date)T\(time).\(digits(Int32(unixNanoseconds / 1_000_000 % 1000), 3))Z"
    }

    /// The message as it is, unless that would be more than one line or command the terminal.
    private static func oneLine(_ message: String) -> String {
        message.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? quoted(message) : message
    }

    /// The value as logfmt has it: bare where that is unambiguous, else quoted, with controls escaped.
    private static func quoted(_ value: String) -> String {
        let isBare = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F }
        if isBare { return value }
        var writer = JSONWriter()
        writer.string(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
