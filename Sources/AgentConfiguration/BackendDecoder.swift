// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Decodes `backends`.
struct BackendDecoder {
    let context: DecodingContext
    let defaults: BackendSettings

    /// The longest name of a backend, in bytes: it is an attribute of every metric.
    static let longestName = 128

    /// How many sessions the agent may open on one backend.
    static let mostOwnSessions = 100_000

    /// Decodes all backends; those without a usable URL were reported and are left out.
    func decode(_ mapping: MappingReader) -> [BackendConfiguration] {
        var backends: [BackendConfiguration] = []
        var urls: [String: String] = [:]
        for entry in mapping.entries where !RepeatedKeys.isPlaceholder(entry.key) {
            let path = mapping.path(of: entry.key)
            checkName(entry, path: path)
            let reader = MappingReader(entry.value, path: path, position: entry.position, in: context)
            guard let reader, let backend = decode(entry, from: reader) else { continue }
            if let other = urls[backend.url] {
                context.warning(
                    "the same URL as backend \(DiagnosticText.quoted(other))",
                    at: reader.place(of: "url"),
                    path: reader.path(of: "url"),
                    help: "each counts, fails and is disabled on its own"
                )
            } else {
                urls[backend.url] = backend.name
            }
            backends.append(backend)
        }
        return backends
    }

    private func decode(_ entry: YAMLEntry, from mapping: MappingReader) -> BackendConfiguration? {
        let url = mapping.url("url")
        if url == nil, !mapping.entries.contains(where: { $0.key == "url" }) {
            context.error(
                "backend \(DiagnosticText.quoted(entry.key)) has no 'url'",
                at: entry.position,
                path: mapping.path
            )
        }
        let headers = mapping.headers()
        let tls = mapping.tls(url: url)
        let settings = BackendSettings(from: mapping).over(defaults)
        let tool = decodeTool(of: settings, from: mapping)
        let ownSessions = mapping.integer("own_sessions", in: 0...Self.mostOwnSessions)
        mapping.finish()
        if let ownSessions, ownSessions.value > 0, settings.stateful?.value == .stateless {
            context.error(
                "'own_sessions' together with 'stateful: false'",
                at: mapping.place(of: "own_sessions"),
                path: ownSessions.path,
                help: "a backend without sessions has none to open"
            )
        }
        var backend = BackendConfiguration(name: entry.key, url: url?.value ?? "", position: entry.position)
        backend.headers = headers
        backend.tls = tls
        backend.ownSessions = ownSessions?.value ?? 0
        backend.tool = tool
        backend.maxIdle = settings.maxIdle?.value
        backend.maxLifetime = settings.maxLifetime?.value
        backend.policy = PolicyRules(context: context, mapping: mapping, settings: settings)
            .policy(hasTool: tool != nil, ownSessions: backend.ownSessions)
        return url == nil ? nil : backend
    }

    /// The tool of the method, or the one to fall back to.
    private func decodeTool(of settings: BackendSettings, from mapping: MappingReader) -> ToolCall? {
        let fallback = decodeFallback(from: mapping)
        let arguments = mapping.toolArguments("tool_arguments")
        let method = settings.method?.value ?? .ping
        if mapping.entries.contains(where: { $0.key == "fallback_tool" }), method != .ping {
            context.error(
                "'fallback_tool' together with 'keepalive_method: \(method == .none ? "none" : "tool:…")'",
                at: mapping.place(of: "fallback_tool"),
                path: mapping.path(of: "fallback_tool"),
                help: "a fallback is for 'keepalive_method: ping' only"
            )
        }
        if case .tool(let name) = method {
            return ToolCall(name: name, arguments: arguments ?? ToolArguments())
        }
        if mapping.entries.contains(where: { $0.key == "tool_arguments" }) {
            let isPing = method == .ping
            context.error(
                "'tool_arguments' without 'keepalive_method: tool:<name>'",
                at: mapping.place(of: "tool_arguments"),
                path: mapping.path(of: "tool_arguments"),
                help: isPing ? "the arguments of a fallback go into 'fallback_tool', as 'arguments'" : nil
            )
        }
        return method == .ping ? fallback : nil
    }

    private func decodeFallback(from backend: MappingReader) -> ToolCall? {
        if let entry = backend.entry("fallback_tool"), case .scalar = entry.value.content, !entry.value.isNull {
            context.error(
                "expected a mapping, found \(entry.value.kindInWords)",
                at: entry.value.position,
                path: backend.path(of: entry.key),
                help: "write { name: <name of the tool> }"
            )
            return nil
        }
        guard let mapping = backend.mapping("fallback_tool") else { return nil }
        let name = mapping.text("name", expected: "the name of a tool")
        let arguments = mapping.toolArguments("arguments")
        if name == nil, !mapping.entries.contains(where: { $0.key == "name" }) {
            context.error("'fallback_tool' has no 'name'", at: mapping.position, path: mapping.path)
        }
        mapping.finish()
        return name.map { ToolCall(name: $0.value, arguments: arguments ?? ToolArguments()) }
    }

    private func checkName(_ entry: YAMLEntry, path: String) {
        let scalars = entry.key.unicodeScalars
        let isPrintable = scalars.allSatisfy {
            !$0.properties.isWhitespace && DiagnosticText.printable($0) == $0
        }
        let isLong = entry.key.utf8.count > Self.longestName
        guard entry.key.isEmpty || !isPrintable || isLong || entry.key.contains("://") else { return }
        context.error(
            "\(DiagnosticText.quoted(entry.key)) is not a name for a backend",
            at: entry.position,
            path: path,
            help: "1 to \(Self.longestName) bytes without blanks and control characters, and no URL"
        )
    }
}
