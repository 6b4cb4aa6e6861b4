// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Testing

@Suite struct TerminalTextTests {
    @Test func `nothing that a server says commands the terminal`() {
        #expect("a\u{1B}[2Jb\nc\rd\u{7F}e\u{9B}f".printable == "a·[2Jb·c·d·e·f")
        #expect("left\u{202E}right\u{2028}".printable == "left·right·")
        #expect("zürich 日本 👩‍🚀".printable == "zürich 日本 👩‍🚀")
    }

    @Test(arguments: [("abc", 3), ("zürich", 6), ("u\u{308}", 1), ("日本", 4), ("👩‍🚀", 2), ("…▸×", 3), ("", 0)])
    func `wide characters take two cells`(text: String, cells: Int) {
        #expect(text.cells == cells)
    }

    @Test func `what is too long ends in an ellipsis, and never takes more cells than there are`() {
        #expect("warehouse".cut(to: 9) == "warehouse")
        #expect("warehouse".cut(to: 5) == "ware…")
        // Half of a wide character cannot be shown.
        #expect("日本語".cut(to: 4) == "日…")
        #expect("日本語".cut(to: 0) == "" && "日本語".cut(to: 1) == "…")
    }

    @Test func `padding counts cells`() {
        #expect("日本".padded(to: 6) == "日本  " && "日本".padded(from: 6) == "  日本")
        #expect("abc".padded(to: 2) == "abc")
    }

    @Test func `facts that do not fit go to the next line, and one that is too long is cut`() {
        let facts = [Cell("aaaa"), Cell("bbbb"), Cell("cccc"), Cell("dddddddddddddddd")]
        #expect(Wrapping.lines(facts, width: 12, Samples.plain) == ["aaaa · bbbb", "  cccc", "  ddddddddd…"])
        #expect(Wrapping.lines(facts, width: nil, Samples.plain) == ["aaaa · bbbb · cccc · dddddddddddddddd"])
    }

    @Test func `colors come from what the text means, and only where they may be used`() {
        #expect(Samples.colored.paint("DISABLED", .bad) == "\u{1B}[1;31mDISABLED\u{1B}[0m")
        #expect(Samples.colored.paint("ping", .plain) == "ping" && Samples.colored.paint("", .bad) == "")
        #expect(Samples.plain.paint("DISABLED", .bad) == "DISABLED")
    }
}
