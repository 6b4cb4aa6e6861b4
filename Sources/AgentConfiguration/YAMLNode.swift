// SPDX-License-Identifier: Apache-2.0

/// One value of a YAML document and where it is; aliases are resolved, merge keys are not.
struct YAMLNode: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    var content: Content
    var position: SourcePosition

    /// Whether nothing was written, or `null` or `~`.
    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.kind == .null } else { false }
    }
}

/// One key of a mapping with its value.
struct YAMLEntry: Sendable, Hashable {
    var key: String
    var position: SourcePosition
    var value: YAMLNode
}
