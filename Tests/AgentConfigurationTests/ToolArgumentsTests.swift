// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

struct ToolArgumentsTests {
    private func json(_ arguments: String, environment: [String: String] = [:]) throws -> String {
        let outcome = load(
            inBackend("keepalive_method: tool:x\ntool_arguments: \(arguments)"),
            environment: environment
        )
        #expect(outcome.rendered == "")
        let bytes = try #require(outcome.configuration?.backends.first?.tool?.arguments.json)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("{}", "{}"),
        ("~", "{}"),
        ("{ a: text, b: 'x', c: \"y\" }", #"{"a":"text","b":"x","c":"y"}"#),
        ("{ a: 1, b: -2, c: 2.50, d: 1e3, e: 0 }", #"{"a":1,"b":-2,"c":2.50,"d":1e3,"e":0}"#),
        ("{ big: 123456789012345678901234567890 }", #"{"big":123456789012345678901234567890}"#),
        ("{ a: true, b: False, c: null, d: ~, e: }", #"{"a":true,"b":false,"c":null,"d":null,"e":null}"#),
        (
            "{ a: 'true', b: \"1\", c: !!str 2, d: yes, e: 1_000 }",
            #"{"a":"true","b":"1","c":"2","d":"yes","e":"1_000"}"#
        ),
        ("{ a: [1, [x], { b: [] }], c: {} }", #"{"a":[1,["x"],{"b":[]}],"c":{}}"#),
        ("{ 1: a, 'é\"': \"\\n\\e😀\" }", #"{"1":"a","é\"":"\n\u001b😀"}"#),
        ("{ date: 2027-01-01, version: 1.10.1 }", #"{"date":"2027-01-01","version":"1.10.1"}"#),
    ])
    func `types are kept`(yaml: String, expected: String) throws {
        #expect(try json(yaml) == expected)
    }

    @Test func `what is substituted is a text and never read as YAML`() throws {
        let environment = ["NUMBER": "1", "MAPPING": "{ a: b }", "QUOTE": "\"}"]
        let arguments = "{ a: '${env:NUMBER}', b: '${env:MAPPING}', c: '${env:QUOTE}', d: $$5 }"
        #expect(try json(arguments, environment: environment) == #"{"a":"1","b":"{ a: b }","c":"\"}","d":"$5"}"#)
    }

    @Test(arguments: ["0x1F", "0o17", "007", ".5", "1.", "+1", ".inf", "-.INF", ".nan"])
    func `numbers that JSON does not have are refused`(number: String) {
        let found = load(inBackend("keepalive_method: tool:x\ntool_arguments: { a: \(number) }")).diagnostics
        #expect(found.map(\.message) == ["a number that JSON does not have"])
    }

    @Test func `a fallback without arguments has none`() throws {
        let outcome = load(inBackend("fallback_tool: { name: x }"))
        #expect(outcome.configuration?.backends.first?.tool == ToolCall(name: "x"))
        #expect(ToolArguments().json == Array("{}".utf8))
    }
}
