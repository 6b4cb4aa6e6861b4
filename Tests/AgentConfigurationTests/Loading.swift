// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration

/// A file system in a dictionary: paths to contents, private to their owner unless listed in `exposed`.
func files(_ contents: [String: String] = [:], exposed: Set<String> = []) -> FileReader {
    FileReader { path, limit in
        guard let text = contents[path] else { return .failure(.missing) }
        guard text.utf8.count <= limit else { return .failure(.tooLarge(limit: limit)) }
        return .success(FileContents(bytes: Array(text.utf8), mode: exposed.contains(path) ? 0o644 : 0o600))
    }
}

/// Loads a configuration from its text as the file `mcp-keepalive.yaml` of the working directory.
func load(
    _ text: String,
    environment: [String: String] = [:],
    readFile: FileReader = files()
) -> ConfigurationLoader.Outcome {
    ConfigurationLoader.load(
        text: text,
        file: "mcp-keepalive.yaml",
        environment: environment,
        readFile: readFile
    )
}

extension ConfigurationLoader.Outcome {
    /// All diagnostics as a person sees them, with an empty line between two.
    var rendered: String { diagnostics.map { $0.rendered() }.joined(separator: "\n\n") }
}
