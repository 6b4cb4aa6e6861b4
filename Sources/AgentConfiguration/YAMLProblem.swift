// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a YAML document that can be used.
struct YAMLProblem: Error, Hashable {
    var message: String
    /// Nil when it is the document as a whole.
    var position: SourcePosition?
    var help: String?
    /// The key, when the problem is that it occurs twice in one mapping; `position` is its first occurrence.
    var duplicateKey: String?
}
