// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The whole terminal, taken over and given back as it was.
struct TerminalScreen: ~Copyable {
    private let before: termios

    private init(before: termios) {
        self.before = before
        // DEC private modes: the alternate screen, no cursor, no wrapping of lines.
        Terminal.put("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    /// Takes the terminal over: keys come one by one and unseen, and what is shown goes to the alternate screen. Nil when
    /// stdin is no terminal.
    static func take() -> TerminalScreen? {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        let before = settings
        unsafe cfmakeraw(&settings)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else { return nil }
        return TerminalScreen(before: before)
    }

    /// Shows these lines in place of what is there.
    func draw(_ lines: [String]) {
        // Line by line and without clearing the whole, so that nothing flickers. A line is cleared before it is written:
        // after a full one the cursor is still on its last cell.
        let text = lines.map { "\u{1B}[K\($0)" }.joined(separator: "\r\n")
        Terminal.put("\u{1B}[H\(text)")
    }

    /// Gives the terminal back.
    consuming func restore() {
        Terminal.put("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }
}
