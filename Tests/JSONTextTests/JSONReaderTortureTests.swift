// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

/// Input that nobody sends on purpose, or only on purpose.
@Suite struct JSONReaderTortureTests {
    /// Chance that repeats itself (Numerical Recipes' linear congruential generator, upper half).
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    private static let texts = [
        #"{"jsonrpc":"2.0","id":"ka-0123456789abcdef-17","result":{}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Session not found \u00e9\ud83d\ude00 é😀"}}"#,
        #"{"sessions": [{"backend": "a", "n": [1, -2.5e-3, 1e99, true, false, null, [[[{}]]]]}], "": "\\\"\n"}"#,
    ].map { Array($0.utf8) }

    /// Whether the text is accepted; both readers must agree, in the error as well.
    private func verdict(_ text: [UInt8]) -> JSONError? {
        var scanned: JSONError?
        do throws(JSONError) {
            var reader = JSONReader()
            reader.skipByteOrderMark(in: text.span)
            try reader.skipValue(in: text.span)
            try reader.readEnd(in: text.span)
        } catch {
            scanned = error
        }
        var parsed: JSONError?
        do throws(JSONError) { _ = try JSONValue.parse(text.span) } catch { parsed = error }
        #expect(scanned == parsed, "\(String(decoding: text, as: UTF8.self))")
        return scanned
    }

    @Test(arguments: texts)
    func `refuses a text cut at any byte`(text: [UInt8]) {
        for length in text.indices {
            #expect(verdict(Array(text[..<length])) != nil)
        }
        #expect(verdict(text) == nil)
    }

    @Test(.timeLimit(.minutes(2)))
    func `survives a hundred thousand mutations`() {
        var dice = Dice(state: 20_261_125)
        let alphabet = Array("{}[]\",:\\u019-+.eE tfn\u{0}\u{1F}é😀".utf8) + [0xFF, 0xC0, 0xED, 0xA0]
        var accepted = 0
        for _ in 0..<100_000 {
            var text = Self.texts[dice.roll(Self.texts.count)]
            for _ in 0...dice.roll(4) {
                let position = dice.roll(text.count)
                switch dice.roll(4) {
                case 0: text[position] = alphabet[dice.roll(alphabet.count)]
                case 1: text.insert(alphabet[dice.roll(alphabet.count)], at: position)
                case 2: text.remove(at: position)
                default: text[position] ^= 1 << UInt8(dice.roll(8))
                }
            }
            if let error = verdict(text) {
                if error.offset < 0 || error.offset > text.count { Issue.record("\(error) lies outside") }
            } else {
                accepted += 1
            }
        }
        // Both kinds must be among them, or the test shows nothing.
        #expect((5_000...95_000).contains(accepted))
    }
}
