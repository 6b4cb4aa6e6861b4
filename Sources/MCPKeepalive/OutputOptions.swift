// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// For whom a command prints.
struct OutputOptions: ParsableArguments {
    /// The values of `--output`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(help: "text for people, or json for programs; with json a failure is one line of JSON on stderr.")
    var output: Format = .text

    var isJSON: Bool { output == .json }
}
