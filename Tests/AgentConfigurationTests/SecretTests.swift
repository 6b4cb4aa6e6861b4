// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentConfiguration

struct SecretTests {
    private func template(_ text: String, in file: String = "dir/f.yaml") throws -> SecretTemplate {
        try SecretTemplate(parsing: text, in: file)
    }

    private func resolve(
        _ text: String,
        environment: [String: String] = [:],
        readFile: FileReader = files()
    ) throws -> Secret {
        try template(text).resolve(environment: environment, readFile: readFile)
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("$", "$"), ("$5 a$", "$5 a$"), ("$$", "$"), ("$$$$", "$$"),
        ("$${env:A}", "${env:A}"), ("${env:A}", "one"), ("x${env:A}y${env:B}z", "xoneyz"), ("${env:B}", ""),
        ("${env:B:-other}", "other"), ("${env:A:-other}", "one"), ("${env:NONE:-}", ""),
        ("${env:NONE:-a:-b$}", "a:-b$"), ("${env:RAW}", "${env:A} $$ \"': {"), ("é${env:A}\u{301}", "éone\u{301}"),
        ("${file:token}", "secret"), ("${file:/abs}", "a"), ("${file:crlf}", "b\n"),
    ])
    func `substitutes`(text: String, expected: String) throws {
        let readFile = files(["dir/token": "secret\n", "/abs": "a", "dir/crlf": "b\n\r\n"])
        let environment = ["A": "one", "B": "", "RAW": "${env:A} $$ \"': {"]
        #expect(try resolve(text, environment: environment, readFile: readFile).reveal { $0 } == expected)
    }

    @Test(arguments: [
        "${", "${env:A", "${A}", "${env:}", "${env:1A}", "${env:A:x}", "${env:É}", "${file:}", "${x:y}", "${}",
    ])
    func `malformed texts are refused`(text: String) {
        #expect(throws: SubstitutionError.self) { try template(text) }
    }

    @Test func `says what is missing and never what is there`() {
        #expect(
            throws: SubstitutionError(
                "environment variable A is not set",
                help: "set it, or give a default: ${env:A:-value}"
            )
        ) {
            try resolve("${env:A}")
        }
        #expect(throws: SubstitutionError("cannot read 'dir/f': there is no such file")) { try resolve("${file:f}") }
        let large = files(["dir/f": String(repeating: "x", count: 64 * 1024 + 1)])
        #expect(throws: SubstitutionError("cannot read 'dir/f': it is larger than 64 KiB")) {
            try resolve("${file:f}", readFile: large)
        }
    }

    @Test func `only files can change`() throws {
        #expect(try template("Bearer ${file:f}").canChange)
        #expect(try !template("Bearer ${env:A}").canChange)
        #expect(try !template("Bearer $${file:f}").canChange)
    }

    @Test func `a header is resolved anew from its template`() throws {
        let before = HeaderConfiguration(
            name: "authorization",
            template: try template("Bearer ${file:token}"),
            value: Secret("Bearer old")
        )
        let after = try before.resolvedAgain(environment: [:], readFile: files(["dir/token": "new\n"]))
        #expect(after.value == Secret("Bearer new"))
        #expect(after.value != before.value)
        #expect(throws: SubstitutionError("the value of header 'authorization' contains a line break")) {
            try before.resolvedAgain(environment: [:], readFile: files(["dir/token": "new\nhost: x"]))
        }
    }

    @Test func `prints as dots, however it is printed`() throws {
        let secret = Secret("canary")
        #expect("\(secret)" == "••••")
        #expect("\(Optional(secret) as Any)" == "Optional(••••)")
        #expect(String(reflecting: secret) == "••••")
        #expect(secret.debugDescription == "••••")
        #expect("\([secret])" == "[••••]")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect("\(try template("canary ${env:A:-canary}"))" == "••••")
        #expect("\(ToolArguments(json: [0x7B, 0x7D]))" == "••••")
        #expect("\(FileContents(bytes: [0x7B, 0x7D]))" == "••••")
        #expect(secret.reveal { $0.count } == 6)
    }
}
