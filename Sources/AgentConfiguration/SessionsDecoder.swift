// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Decodes a sessions file. Whatever it reports, it never quotes a value: any of them may be a session id by mistake.
struct SessionsDecoder {
    let file: String
    let backends: [String]
    let environment: [String: String]
    let readFile: FileReader
    private let bytes: [UInt8]
    private let now: Int64
    let previous: [SessionDigest: AttachedSession]
    private let backendNames: Set<String>
    private var locator: TextLocator
    private var result = SessionsFile()
    private var unreported = 0
    private var seen: Set<SessionDigest> = []

    init(
        bytes: [UInt8],
        file: String,
        backends: [String],
        environment: [String: String],
        readFile: FileReader,
        now: Int64,
        previous: [AttachedSession]
    ) {
        self.bytes = bytes
        self.file = file
        self.backends = backends
        backendNames = Set(backends)
        self.environment = environment
        self.readFile = readFile
        self.now = now
        self.previous = Dictionary(
            previous.map { (SessionDigest($0), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        locator = TextLocator(bytes)
    }

    mutating func decode() -> SessionsFile {
        do throws(JSONError) {
            if let flaw = try read() { return broken(flaw.message, at: flaw.offset, flaw.path) }
        } catch {
            return broken("not valid JSON: \(error.message)", at: error.offset)
        }
        return finished()
    }

    /// Why the file as a whole cannot be used.
    private typealias Flaw = (message: String, offset: Int, path: String)

    /// Reads the whole text, an entry at a time: a million of them as one tree would take a gigabyte.
    private mutating func read() throws(JSONError) -> Flaw? {
        let text = self.bytes
        let bytes = text.span
        var reader = JSONReader(maxDepth: 16)
        reader.skipByteOrderMark(in: bytes)
        let isObject = try reader.peek(in: bytes) == .object
        let start = reader.offset
        guard isObject else {
            try reader.skipValue(in: bytes)
            try reader.readEnd(in: bytes)
            return ("expected an object with the key 'sessions'", start, "")
        }
        var flaw: Flaw?
        var hasList = false
        var unknown: [(key: String, offset: Int)] = []
        try reader.enterObject(in: bytes)
        while let key = try reader.nextKey(in: bytes) {
            let offset = key.range.lowerBound - 1
            guard key.equals("sessions", in: bytes) else {
                if unknown.count < SessionsFile.mostDiagnostics { unknown.append((key.string(in: bytes), offset)) }
                try reader.skipValue(in: bytes)
                continue
            }
            if hasList { flaw = flaw ?? ("duplicate key 'sessions'", offset, "") }
            hasList = true
            if try reader.peek(in: bytes) == .array {
                try readEntries(&reader, in: bytes)
            } else {
                flaw = flaw ?? ("expected a list of sessions", reader.offset, "sessions")
                try reader.skipValue(in: bytes)
            }
        }
        try reader.readEnd(in: bytes)
        guard hasList else { return ("the key 'sessions' is missing", start, "") }
        if flaw == nil {
            for (key, offset) in unknown { report(.warning, "unknown key\(shown(key)) is ignored", at: offset, "") }
        }
        return flaw
    }

    private mutating func readEntries(_ reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) {
        var index = 0
        try reader.enterArray(in: bytes)
        while try reader.nextElement(in: bytes) {
            let entry = try JSONValue.read(by: &reader, in: bytes)
            let path = "sessions[\(index)]"
            index += 1
            guard let session = decode(entry, path: path) else { continue }
            if let expiresAt = session.expiresAt, expiresAt <= now { continue }
            guard seen.insert(SessionDigest(session)).inserted else {
                report(.warning, "this session occurs twice in the file: it counts once", at: entry.offset, path)
                continue
            }
            result.sessions.append(session)
        }
    }

    private static let keys = ["backend", "session_id", "protocol_version", "headers", "expires_at"]

    private mutating func decode(_ node: JSONNode, path: String) -> AttachedSession? {
        guard let object = node.object else {
            report(.error, "expected an object, found \(node.value.inWords)", at: node.offset, path)
            return nil
        }
        var isValid = true
        let position = locator.position(of: node.offset)
        for duplicate in object.duplicates {
            report(.error, "duplicate key\(shown(duplicate.key))", at: duplicate.keyOffset, path)
            isValid = false
        }
        for member in object.members where !Self.keys.contains(member.key) {
            let meant = Suggestion.closest(to: member.key, among: Self.keys)
            let help = meant.map { "did you mean '\($0)'?" } ?? "known keys are \(Self.keys.joined(separator: ", "))"
            report(.error, "unknown key\(shown(member.key))", at: member.keyOffset, path, help: help)
            isValid = false
        }
        let sessionID = decodeSessionID(object, of: node, path: path)
        let backend = decodeBackend(object, of: node, path: path)
        var session = AttachedSession(backend: backend ?? "", sessionID: Secret(sessionID ?? ""), position: position)
        isValid = decodeVersion(object, path: path, into: &session) && isValid
        isValid = decodeExpiry(object, path: path, into: &session) && isValid
        isValid = decodeHeaders(object, path: path, into: &session) && isValid
        return isValid && backend != nil && sessionID != nil ? session : nil
    }

    /// MCP 2025-11-25, "Session Management": a session id consists of visible ASCII characters.
    private mutating func decodeSessionID(_ object: JSONObject, of entry: JSONNode, path: String) -> String? {
        guard let node = object["session_id"] else {
            report(.error, "the key 'session_id' is missing", at: entry.offset, path)
            return nil
        }
        guard let id = string(node, "\(path).session_id") else { return nil }
        guard (1...4096).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            let message = "a session id has 1 to 4096 visible ASCII characters"
            report(.error, message, at: node.offset, "\(path).session_id")
            return nil
        }
        return id
    }

    private mutating func decodeBackend(_ object: JSONObject, of entry: JSONNode, path: String) -> String? {
        guard let node = object["backend"] else {
            report(.error, "the key 'backend' is missing", at: entry.offset, path)
            return nil
        }
        guard let name = string(node, "\(path).backend") else { return nil }
        // The configuration's own text, of which there is one.
        if let known = backendNames.firstIndex(of: name) { return backendNames[known] }
        // Where the two were swapped, the name is a session id.
        let id = object["session_id"]?.string
        let isSwapped = id.map { backendNames.contains($0) } ?? true
        // Looking for the likely name takes a while with many backends, and is of no use when it is not reported.
        let meant = isFull ? nil : Suggestion.closest(to: name, among: backends)
        report(
            .error,
            isSwapped
                ? "no such backend in the configuration"
                : "no backend \(DiagnosticText.quoted(name)) in the configuration",
            at: node.offset,
            "\(path).backend",
            help: meant.map { "did you mean \(DiagnosticText.quoted($0))?" }
        )
        return nil
    }

    private mutating func decodeVersion(_ object: JSONObject, path: String, into session: inout AttachedSession) -> Bool
    {
        guard let node = object["protocol_version"] else { return true }
        let path = "\(path).protocol_version"
        guard let version = string(node, path) else { return false }
        guard AttachedSession.isProtocolVersion(version) else {
            report(.error, "expected a protocol version such as 2025-11-25", at: node.offset, path)
            return false
        }
        session.protocolVersion = version
        return true
    }

    private mutating func decodeExpiry(_ object: JSONObject, path: String, into session: inout AttachedSession) -> Bool
    {
        guard let node = object["expires_at"] else { return true }
        let path = "\(path).expires_at"
        guard let text = string(node, path) else { return false }
        guard let time = Timestamp.parse(text) else {
            report(.error, "expected a time such as 2027-01-01T00:00:00Z (RFC 3339)", at: node.offset, path)
            return false
        }
        session.expiresAt = time
        return true
    }

    /// The string of `node`; nil when it is something else, which is then reported.
    mutating func string(_ node: JSONNode, _ path: String) -> String? {
        if let string = node.string { return string }
        report(.error, "expected a string, found \(node.value.inWords)", at: node.offset, path)
        return nil
    }

    private mutating func broken(_ message: String, at offset: Int, _ path: String = "") -> SessionsFile {
        // What was found in parts of it does not matter.
        result = SessionsFile()
        unreported = 0
        report(.error, message, at: offset, path, help: "the last good file stays in force")
        result.isBroken = true
        return finished()
    }

    /// Whether problems are only counted from now on.
    private var isFull: Bool { result.diagnostics.count >= SessionsFile.mostDiagnostics }

    /// Notes that a secret could not be read, which may be otherwise in a moment.
    mutating func noteUnread() {
        result.isUnread = true
    }

    /// Reports a problem of the value or key at `offset`.
    mutating func report(
        _ severity: Diagnostic.Severity,
        _ message: String,
        at offset: Int,
        _ path: String,
        help: String? = nil
    ) {
        guard !isFull else {
            unreported += 1
            return
        }
        let position = locator.position(of: offset)
        result.diagnostics.append(
            Diagnostic(severity, message, file: file, position: position, keyPath: path, help: help)
        )
    }

    private mutating func finished() -> SessionsFile {
        var file = result
        file.diagnostics = file.diagnostics.sortedByPosition()
        if unreported > 0 {
            file.diagnostics.append(Diagnostic(.warning, "\(unreported) more problems in this file", file: self.file))
        }
        return file
    }

    /// A key in quotes if it looks like one.
    private func shown(_ key: String) -> String {
        let looksLikeKey =
            !key.isEmpty && key.utf8.count <= 32
            && key.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || $0 == 0x2D }
        return looksLikeKey ? " '\(key)'" : ""
    }
}
