// SPDX-License-Identifier: Apache-2.0

/// What is written in a configuration file, key by key. Prints without it: values may be secrets.
package struct WrittenConfiguration: Sendable, Hashable, Redacted {
    /// By the path of the key: what is written there; nil for a key that could be there and is not.
    var entries: [String: YAMLEntry?] = [:]

    package init() {}

    /// Where the key at `path` is written; nil when it is not.
    package func position(of path: [String]) -> SourcePosition? {
        entry(path)?.position
    }

    func entry(_ path: [String]) -> YAMLEntry? {
        entries[Self.text(of: path)] ?? nil
    }

    static func text(of path: [String]) -> String {
        path.reduce("", DecodingContext.path)
    }
}
