// SPDX-License-Identifier: Apache-2.0

/// Decodes the document of a configuration file.
struct ConfigurationDecoder {
    let context: DecodingContext

    /// Decodes the whole document; what could not be decoded was reported and is left out.
    func decode(_ root: YAMLNode) -> Configuration {
        var configuration = Configuration(file: context.source.file)
        guard let top = MappingReader(root, path: "", position: root.position, in: context) else {
            return configuration
        }
        decodeVersion(from: top)
        if let telemetry = top.mapping("telemetry") { configuration.telemetry = decodeTelemetry(from: telemetry) }
        var defaults = BackendSettings()
        if let mapping = top.mapping("defaults") {
            defaults = BackendSettings(from: mapping)
            mapping.finish(hints: Self.backendOnly)
        }
        configuration.api = decodeAPI(from: top)
        configuration.stateDirectory = decodeStateDirectory(from: top)
        configuration.sessionsFile = decodeSessionsFile(from: top)
        if let backends = top.mapping("backends") {
            configuration.backends = BackendDecoder(context: context, defaults: defaults).decode(backends)
            if backends.entries.isEmpty {
                context.warning("no backends: nothing is kept alive", at: backends.position, path: "backends")
            }
        } else if !top.entries.contains(where: { $0.key == "backends" }) {
            context.warning("no backends: nothing is kept alive", at: top.position, help: "add the key 'backends'")
        }
        top.finish(hints: Self.misplaced)
        return configuration
    }

    /// Keys that a backend has and `defaults` has not.
    private static let backendOnly = Dictionary(
        uniqueKeysWithValues: [
            "url", "headers", "tls", "own_sessions", "fallback_tool", "tool_arguments",
        ].map { ($0, "'\($0)' belongs to a single backend") }
    )

    /// Keys that are not at the top, and where they are.
    private static let misplaced = Dictionary(
        uniqueKeysWithValues: [
            ("endpoint", "telemetry"), ("compression", "telemetry"), ("resource", "telemetry"),
            ("keepalive_method", "defaults"), ("interval", "defaults"), ("jitter", "defaults"),
            ("timeout", "defaults"), ("failure_threshold", "defaults"), ("probe_after", "defaults"),
            ("url", "a backend"), ("listen", "api"), ("socket", "api"), ("max_sessions", "api"), ("webhook", "api"),
            ("max_idle", "defaults"), ("max_lifetime", "defaults"),
        ].map { ($0.0, "it belongs under \($0.1 == "a backend" ? $0.1 : "'\($0.1)'")") }
    )

    private func decodeVersion(from top: MappingReader) {
        guard let version = top.scalar("version", expected: "version 1"), version.text != "1" else { return }
        context.error(
            "expected version 1 of the file format, found \(version.inWords)",
            at: version.position,
            path: version.path
        )
    }

    private func decodeSessionsFile(from top: MappingReader) -> String? {
        guard let path = top.file("sessions_file") else { return nil }
        switch context.readFile(path.value, limit: SessionsFile.largestSize) {
        case .success: break
        case .failure(.missing):
            context.warning(
                "there is no sessions file \(path.quotedPath) yet",
                at: path.position,
                path: path.path,
                help: "until there is, it counts as empty"
            )
        case .failure(let error):
            let message = "cannot read \(path.quotedPath): \(error.message)"
            context.error(message, at: path.position, path: path.path)
        }
        return path.value
    }
}
