// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// How a verb prints its data and its failure.
struct OutputOptions: ParsableArguments {
    /// The values of `--output`.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        /// For people.
        case text
        /// For programs: data is JSON on stdout, a failure is one line of JSON on stderr.
        case json
    }

    @Option(help: "How data looks; with json a failure is one line of JSON on stderr, too.")
    var output: Form = .text

    var isJSON: Bool { output == .json }

    /// Prints data as a line of JSON.
    static func sayJSON(_ value: some Encodable) {
        guard let json = try? ControlJSON.encode(value) else {
            preconditionFailure("what is printed holds nothing that JSON cannot say")
        }
        Terminal.say(String(decoding: json, as: UTF8.self))
    }

    /// Tells the failure as asked for, and ends the process with its status.
    func end(with failure: CommandFailure) -> Never {
        failure.end(as: output)
    }
}
