// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import OperatorConsole

/// Shows the status again and again: in place on a terminal, else one after the other.
struct StatusWatch {
    let client: ControlClient
    let output: OperatorOutput
    let interval: Duration

    /// Returns when nobody reads any more.
    func run() async {
        let isTerminal = Terminal.isTerminal(FileHandle.standardOutput.fileDescriptor) && !output.isJSON
        var linesBefore = 0
        var isFirst = true
        while true {
            let answer: ControlAnswer<StatusView>
            do throws(ControlFailure) {
                answer = try await client.answer(to: .status)
                let size = TerminalSize.current
                let lines =
                    isTerminal
                    ? StatusText.lines(answer.value, width: size.columns, height: size.rows - 1, output.palette)
                    : StatusText.lines(answer.value, width: nil, output.palette) + [""]
                if isTerminal {
                    Self.replace(linesBefore, by: lines)
                    linesBefore = lines.count
                } else if !Terminal.say(output.isJSON ? answer.json : lines.joined(separator: "\n")) {
                    return
                }
            } catch {
                // Whoever watches wants to see the agent come back; one that was never there is a mistake.
                if isFirst { output.fail(error) }
                if isTerminal {
                    let message = "! \(error.message)".cut(to: TerminalSize.current.columns)
                    Self.replace(linesBefore, by: [output.palette.paint(message, .bad)])
                    linesBefore = 1
                } else {
                    output.tell(error)
                }
            }
            isFirst = false
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// Writes over the lines that were written last.
    private static func replace(_ count: Int, by lines: [String]) {
        let up = count > 0 ? "\u{1B}[\(count)A\r" : ""
        Terminal.put(up + lines.map { "\u{1B}[K\($0)\n" }.joined() + "\u{1B}[J")
    }
}
