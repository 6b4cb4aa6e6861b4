// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveAgent

/// Why a verb could not do what it was asked for.
struct CommandFailure: Error, Encodable {
    /// A word that never changes, such as `configuration_invalid`: those of `error.type` and of the local API's problems
    /// where one fits.
    var code: String
    /// What is wrong, in one clause without a final period; never a secret.
    var message: String
    /// What can be done about it.
    var help: String?
    /// The backend that it is about.
    var backend: String?
    /// All that is wrong with a file.
    var problems: [Problem]?
    var status: ExitStatus

    init(_ code: String, _ message: String, help: String? = nil, backend: String? = nil, status: ExitStatus) {
        self.code = code
        self.message = message
        self.help = help
        self.backend = backend
        self.status = status
    }

    /// One problem of a file.
    struct Problem: Encodable {
        var severity: String
        var message: String
        var file: String
        var line: Int?
        var column: Int?
        var key: String?
        var help: String?

        init(_ diagnostic: Diagnostic) {
            severity = diagnostic.severity.rawValue
            message = diagnostic.message
            file = diagnostic.file
            line = diagnostic.line
            column = diagnostic.column
            key = diagnostic.keyPath.isEmpty ? nil : diagnostic.keyPath
            help = diagnostic.help
        }
    }

    private enum CodingKeys: String, CodingKey {
        case code
        case message
        case help
        case backend
        case problems
    }

    /// Tells it on stderr, and ends the process with its status.
    func end(as form: OutputOptions.Form) -> Never {
        Terminal.talk(rendered(as: form))
        MCPKeepalive.exit(with: status)
    }

    /// For people in one or two lines, for programs in one.
    func rendered(as form: OutputOptions.Form) -> String {
        switch form {
        case .text: return "error: \(message)" + (help.map { "\n  = help: \($0)" } ?? "")
        case .json:
            guard let json = try? ControlJSON.encode(["error": self]) else {
                preconditionFailure("a failure holds nothing that JSON cannot say")
            }
            return String(decoding: json, as: UTF8.self)
        }
    }
}

extension CommandFailure {
    /// A configuration file that cannot be used; `diagnostics` has at least one error.
    init(file: String, _ diagnostics: [Diagnostic], isMissing: Bool) {
        let errors = diagnostics.filter { $0.severity == .error }
        let others = errors.count - 1
        self.init(
            isMissing ? "no_such_file" : "configuration_invalid",
            (errors.first?.oneLine ?? file) + (others > 0 ? ", and \(others) more error\(others == 1 ? "" : "s")" : ""),
            status: isMissing ? .noInput : .configuration
        )
        problems = diagnostics.map(Problem.init)
    }
}
