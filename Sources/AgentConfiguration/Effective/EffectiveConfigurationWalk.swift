// SPDX-License-Identifier: Apache-2.0

/// Collects the lines of the configuration in force, along the table of keys.
struct EffectiveConfigurationWalk {
    typealias Line = EffectiveConfiguration.Line

    let file: String
    let written: WrittenConfiguration
    let variables: [String: EffectiveConfiguration.Variable]
    let environment: [String: String]
    private(set) var lines: [Line] = []

    init(
        file: String,
        written: WrittenConfiguration,
        variables: [String: EffectiveConfiguration.Variable],
        environment: [String: String]
    ) {
        self.file = file
        self.written = written
        self.variables = variables
        self.environment = environment
    }

    mutating func append(_ configuration: Configuration) {
        for field in ConfigurationField.file where field.name != "defaults" {
            if case .named(let fields) = field.kind {
                append(configuration.backends, fields)
            } else {
                append(field, at: [field.name])
            }
        }
    }

    private mutating func append(_ field: ConfigurationField, at path: [String]) {
        let entry = written.entry(path)
        if !field.fields.isEmpty {
            if let entry, case .scalar(let scalar) = entry.value.content, scalar.kind != .null {
                lines.append(Line(path: path, value: "off", origin: origin(of: entry)))
                return
            }
            appendMapping(field, at: path, isWritten: entry != nil)
        } else if let entry {
            append(entry, field, at: path)
        } else if let variable = variables[path.joined(separator: ".")] {
            lines.append(Line(path: path, value: variable.value, origin: .variable(variable.name)))
        } else if let value = field.defaultValue, value != "{}" {
            lines.append(Line(path: path, value: value, origin: .builtIn))
        }
    }

    /// A mapping with what is in force in it; one that is not there at all is left out with its defaults.
    private mutating func appendMapping(
        _ field: ConfigurationField,
        at path: [String],
        isWritten: Bool
    ) {
        let prefix = path.joined(separator: ".") + "."
        let isOn = isWritten || path.count == 1 || variables.keys.contains { $0.hasPrefix(prefix) }
        guard isOn else { return }
        let start = lines.count
        lines.append(Line(path: path))
        for child in field.fields { append(child, at: path + [child.name]) }
        if lines.count == start + 1 { lines.removeLast() }
    }

    private mutating func append(_ backends: [BackendConfiguration], _ fields: [ConfigurationField]) {
        lines.append(Line(path: ["backends"]))
        if backends.isEmpty { lines[lines.count - 1].value = "{}" }
        for backend in backends {
            let path = ["backends", backend.name]
            lines.append(Line(path: path))
            for field in fields {
                let start = lines.count
                append(field, at: path + [field.name])
                inherit(field, backend, at: path + [field.name], since: start)
            }
        }
    }

    /// Puts what `defaults` has in the place of a built-in default, and says where another value is used after all.
    private mutating func inherit(
        _ field: ConfigurationField,
        _ backend: BackendConfiguration,
        at path: [String],
        since start: Int
    ) {
        if written.entry(path) == nil, let inherited = written.entry(["defaults", field.name]) {
            lines.removeSubrange(start...)
            append(inherited, field, at: path)
            if lines.count > start { lines[start].origin = .defaults(file, line: inherited.position.line) }
        }
        guard lines.count == start + 1 else { return }
        lines[start].note = EffectiveSchedule(backend).note(on: field.name, written: lines[start].value)
    }

    // MARK: Values

    private mutating func append(_ entry: YAMLEntry, _ field: ConfigurationField, at path: [String]) {
        switch (field.kind, entry.value.content) {
        case (.headers, .mapping(let items)), (.texts, .mapping(let items)), (.arguments, .mapping(let items)):
            guard !items.isEmpty else { return }
            lines.append(Line(path: path))
            for item in items {
                // A name that is none may be a value in the wrong place.
                let value = field.isSecret ? redactedText : shown(item.value, isURL: false)
                lines.append(Line(path: path + [item.key], value: value, origin: origin(of: item)))
            }
        default:
            guard !entry.value.isNull else { return }
            let isURL = if case .url = field.kind { true } else { false }
            let value = field.isSecret ? redactedText : shown(entry.value, isURL: isURL)
            lines.append(Line(path: path, value: value, origin: origin(of: entry)))
        }
    }

    private func origin(of entry: YAMLEntry) -> ValueOrigin {
        .file(file, line: entry.position.line)
    }

    /// A value as YAML, with its variables put in; what comes from a file is a secret.
    private func shown(_ node: YAMLNode, isURL: Bool) -> String {
        switch node.content {
        case .sequence(let items): return "[\(items.map { shown($0, isURL: isURL) }.joined(separator: ", "))]"
        case .mapping: return redactedText
        case .scalar(let scalar):
            guard let template = try? SecretTemplate(parsing: scalar.text, in: file), !template.canChange,
                let text = try? template.resolve(environment: environment, readFile: .none).reveal({ $0 })
            else { return redactedText }
            guard isURL else { return scalar.kind == .text ? YAMLText.scalar(text) : text }
            // A query may hold a secret.
            let end = text.utf8.firstIndex(of: 0x3F) ?? text.endIndex
            return YAMLText.scalar(end == text.endIndex ? text : text[..<end] + "?" + redactedText)
        }
    }
}

extension FileReader {
    /// Finds no file at all.
    fileprivate static let none = FileReader { _, _ in .failure(.missing) }
}
