// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Testing

@Suite struct TopKeyTests {
    @Test(
        arguments: [
            ("q", [.character("q")]), ("jk", [.character("j"), .character("k")]),
            ("\u{1B}[A\u{1B}[B", [.up, .down]), ("\u{1B}OA\u{1B}OB", [.up, .down]),
            ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
            ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~", [.first, .last, .first, .last]),
            ("\u{03}", [.interrupt]), ("\u{1B}", [.escape]),
            // Shift and arrow, a function key, a report of the mouse: nobody knows them, and they press no letters.
            ("\u{1B}[1;2A\u{1B}[15~\u{1B}[<0;3;4Mq", [.character("q")]),
            ("\u{1B}[", []), ("é\r\n\t", []),
        ] as [(String, [TopKey])]
    )
    func `bytes are keys`(text: String, keys: [TopKey]) {
        #expect(TopKey.keys(in: Array(text.utf8)) == keys)
    }
}
