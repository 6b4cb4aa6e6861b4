// SPDX-License-Identifier: Apache-2.0

/// Reads one mapping strictly: every key that nobody asked for is reported by `finish`.
final class MappingReader {
    let context: DecodingContext
    /// The path of the mapping; empty at the top.
    let path: String
    /// Where the mapping is: its key, or the start of the document.
    let position: SourcePosition
    let entries: [YAMLEntry]
    private var known: [String] = []

    /// Starts to read `node`; one that is empty counts as a mapping without keys, anything else but a mapping is reported.
    init?(_ node: YAMLNode, path: String, position: SourcePosition, in context: DecodingContext) {
        self.context = context
        self.path = path
        self.position = position
        switch node.content {
        case .mapping(let written):
            entries = MappingReader.merged(written, path: path, in: context)
        case .scalar(let scalar) where scalar.kind == .null:
            entries = []
        case .scalar, .sequence:
            context.error("expected a mapping, found \(node.kindInWords)", at: node.position, path: path)
            return nil
        }
    }

    /// The path of `key` in this mapping.
    func path(of key: String) -> String {
        DecodingContext.path(path, key)
    }

    /// The entry of `key`, which counts as known from now on.
    func entry(_ key: String) -> YAMLEntry? {
        let entry = entries.first { $0.key == key }
        if !known.contains(key) {
            known.append(key)
            context.note(entry, at: path(of: key))
        }
        return entry
    }

    /// Where `key` is written, or else the mapping.
    func place(of key: String) -> SourcePosition {
        entries.first { $0.key == key }?.position ?? position
    }

    /// The mapping below `key`; nil when there is no such key, or no mapping.
    func mapping(_ key: String) -> MappingReader? {
        guard let entry = entry(key) else { return nil }
        return MappingReader(entry.value, path: path(of: key), position: entry.position, in: context)
    }

    /// Reports all keys that were not asked for; `hints` says of keys that belong elsewhere where that is.
    func finish(hints: [String: String] = [:]) {
        for entry in entries where !known.contains(entry.key) && !RepeatedKeys.isPlaceholder(entry.key) {
            var help = hints[entry.key]
            if help == nil, let meant = Suggestion.closest(to: entry.key, among: known) {
                help = "did you mean '\(meant)'?"
            }
            context.error(
                "unknown key \(DiagnosticText.quoted(entry.key))",
                at: entry.position,
                path: path(of: entry.key),
                help: help ?? (known.isEmpty ? nil : "known keys are \(known.sorted().joined(separator: ", "))")
            )
        }
    }

    /// The entries with the mappings of merge keys (`<<`, https://yaml.org/type/merge.html) put in their place: keys that
    /// are written win, and of several merged mappings the first.
    private static func merged(_ written: [YAMLEntry], path: String, in context: DecodingContext) -> [YAMLEntry] {
        guard written.contains(where: { $0.key == "<<" }) else { return written }
        var entries = written.filter { $0.key != "<<" }
        var keys = Set(entries.map(\.key))
        for merge in written where merge.key == "<<" {
            let sources: [YAMLNode] =
                if case .sequence(let items) = merge.value.content { items } else { [merge.value] }
            for source in sources {
                guard case .mapping(let inherited) = source.content else {
                    context.error(
                        "expected a mapping to merge, found \(source.kindInWords)",
                        at: source.position,
                        path: DecodingContext.path(path, "<<")
                    )
                    continue
                }
                for entry in MappingReader.merged(inherited, path: path, in: context)
                where keys.insert(entry.key).inserted {
                    entries.append(entry)
                }
            }
        }
        return entries
    }
}
