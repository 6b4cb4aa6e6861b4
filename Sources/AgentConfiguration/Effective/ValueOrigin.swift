// SPDX-License-Identifier: Apache-2.0

/// Where a value of the configuration comes from.
package enum ValueOrigin: Sendable, Hashable, CustomStringConvertible {
    /// A line of the file.
    case file(String, line: Int)
    /// A line in `defaults` of the file.
    case defaults(String, line: Int)
    /// An environment variable.
    case variable(String)
    /// The program.
    case builtIn

    /// As it is put behind a value.
    package var description: String {
        switch self {
        case .file(let file, let line): "\(Self.name(file)):\(line)"
        case .defaults(let file, let line): "defaults, \(Self.name(file)):\(line)"
        case .variable(let name): name
        case .builtIn: "default"
        }
    }

    /// The file's name without its folder, which is the same for all values.
    private static func name(_ file: String) -> String {
        String(file.utf8.lastIndex(of: 0x2F).map { file[file.utf8.index(after: $0)...] } ?? file[...])
    }
}

extension WrittenConfiguration {
    /// Where the value of a backend's setting comes from.
    package func origin(ofSetting name: String, of backend: BackendConfiguration, in file: String) -> ValueOrigin {
        if let own = position(of: ["backends", backend.name, name]) { return .file(file, line: own.line) }
        if let inherited = position(of: ["defaults", name]) { return .defaults(file, line: inherited.line) }
        return .builtIn
    }
}
