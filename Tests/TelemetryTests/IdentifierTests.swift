// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct IdentifierTests {
    /// Gives the same words again and again.
    private struct Scripted: RandomNumberGenerator {
        var words: [UInt64]

        mutating func next() -> UInt64 {
            words.isEmpty ? 7 : words.removeFirst()
        }
    }

    @Test func `writes ids in lowercase hexadecimal with leading zeros and reads them back`() {
        let trace = TraceID(high: 0xAB, low: 0xCD)
        #expect(trace.description == "00000000000000ab00000000000000cd")
        #expect(TraceID(hexadecimal: trace.description) == trace)
        #expect(SpanID(hexadecimal: SpanID(0xF).description) == SpanID(0xF))
    }

    @Test(arguments: ["", "0", "00000000000000000000000000000000", "0AF7651916CD43DD8448EB211C80319C", "zz"])
    func `refuses what is not an id`(text: String) {
        #expect(TraceID(hexadecimal: text) == nil)
        #expect(SpanID(hexadecimal: text.prefix(16)) == nil)
    }

    @Test func `draws again when chance gives zero`() {
        var generator = Scripted(words: [0, 0, 0, 5])
        #expect(TraceID.random(using: &generator) == TraceID(high: 0, low: 5))
        generator = Scripted(words: [0, 9])
        #expect(SpanID.random(using: &generator) == SpanID(9))
    }

    @Test func `a child keeps trace and flags and has an id of its own`() {
        var generator = Scripted(words: [1, 2, 3, 4])
        let root = SpanContext.root(using: &generator)
        let child = root.child(using: &generator)
        #expect(root.flags == [.sampled, .random])
        #expect((child.traceID, child.spanID, child.flags) == (root.traceID, SpanID(4), root.flags))
    }

    @Test func `writes traceparent and reads it back`() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        #expect(Samples.context.traceparent == text)
        #expect(SpanContext(traceparent: text) == Samples.context)
        #expect(
            SpanContext(traceparent: "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe-x")?.flags.rawValue
                == 0xFE
        )
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    ]) func `refuses a malformed traceparent`(text: String) {
        #expect(SpanContext(traceparent: text) == nil)
    }
}
