// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorConsole

/// How a command that talks to the agent prints what it got, and how it fails.
struct OperatorOutput {
    let form: OutputOptions.Form

    /// Colors for stdout, where they may be used.
    let palette = Palette(
        isColored: Terminal.isColored(
            FileHandle.standardOutput.fileDescriptor,
            environment: ProcessInfo.processInfo.environment
        )
    )

    var isJSON: Bool { form == .json }

    /// How wide lines may be; nil: as wide as they are, for stdout is no terminal.
    var width: Int? {
        Terminal.isTerminal(FileHandle.standardOutput.fileDescriptor) ? TerminalSize.current.columns : nil
    }

    /// Prints the API's JSON, or the lines for people.
    func say(_ json: String, or lines: [String]) {
        if isJSON { Terminal.say(json) } else { lines.forEach { Terminal.say($0) } }
    }

    /// Does something with the agent; ends the process when it fails.
    func attempt<Result>(
        _ body: () async throws(ControlFailure) -> Result
    ) async -> Result {
        do throws(ControlFailure) {
            return try await body()
        } catch {
            fail(error)
        }
    }

    /// Tells what went wrong and ends the process with the code for it.
    func fail(_ failure: ControlFailure) -> Never {
        CommandFailure(failure).end(as: form)
    }

    /// Tells it and goes on.
    func tell(_ failure: ControlFailure) {
        Terminal.talk(CommandFailure(failure).rendered(as: form))
    }
}
