// SPDX-License-Identifier: Apache-2.0

import JSONText
import Telemetry
import Testing

@Suite struct AttributeSetTests {
    @Test func `does not depend on the order in which it was written`() {
        let left: AttributeSet = ["backend": "a", "method": "ping"]
        let right: AttributeSet = ["method": "ping", "backend": "a"]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.attributes.map(\.key) == ["backend", "method"])
    }

    @Test func `tells values of different types apart`() {
        let sets: [AttributeSet] = [["k": 1], ["k": 1.0], ["k": "1"], ["k": true], ["k": .ints([1])], [:]]
        #expect(Set(sets).count == sets.count)
    }

    @Test func `equals itself although a value is not a number`() {
        #expect(AttributeSet([Attribute("k", .double(.nan))]) == AttributeSet([Attribute("k", .double(.nan))]))
    }

    @Test func `keeps the later of two values and leaves out what receivers refuse`() {
        let set = AttributeSet([
            Attribute("k", 1), Attribute("", 2), Attribute("list", .strings([])), Attribute("k", 3),
        ])
        #expect(set.attributes == [Attribute("k", 3)])
        #expect(set["k"] == 3)
        #expect(set["list"] == nil)
    }

    @Test func `adds attributes, and theirs count`() {
        let set: AttributeSet = ["a": 1, "b": 2]
        #expect(set.adding([Attribute("b", 3), Attribute("c", 4)]) == ["a": 1, "b": 3, "c": 4])
    }

    @Test(arguments: [
        (AttributeValue.string("a\"\n"), #"{"stringValue":"a\"\n"}"#),
        ("", #"{"stringValue":""}"#),
        (false, #"{"boolValue":false}"#),
        (0, #"{"intValue":"0"}"#),
        (.int(.min), #"{"intValue":"-9223372036854775808"}"#),
        (0.0, #"{"doubleValue":0.0}"#),
        (.double(-.infinity), #"{"stringValue":"-Infinity"}"#),
        (.strings(["a", ""]), #"{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":""}]}}"#),
        (.bools([true]), #"{"arrayValue":{"values":[{"boolValue":true}]}}"#),
        (.ints([1, 2]), #"{"arrayValue":{"values":[{"intValue":"1"},{"intValue":"2"}]}}"#),
        (.doubles([0.5]), #"{"arrayValue":{"values":[{"doubleValue":0.5}]}}"#),
    ]) func `writes a value in the one form that every receiver reads`(value: AttributeValue, expected: String) {
        var span = Samples.span()
        span.attributes = [Attribute("k", value)]
        let single = Samples.body(span)
        #expect(single.contains(#""attributes":[{"key":"k","value":\#(expected)}]"#))
        span.attributes = []
        span.sharedAttributes = AttributeSet([Attribute("k", value)])
        #expect(Samples.body(span) == single)
    }
}
