// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

/// `telemetry.spool`: what is read, and the whole rendering of each problem.
struct SpoolTests {
    private func spool(_ lines: String) throws -> SpoolSettings? {
        let outcome = load(inTelemetry(lines))
        #expect(outcome.diagnostics.isEmpty)
        return try #require(outcome.configuration).telemetry.spool
    }

    @Test func `is off by default`() throws {
        #expect(try spool("interval: 10s") == nil)
    }

    @Test func `has defaults for everything but the directory`() throws {
        let spool = try #require(try spool("spool: { directory: /var/spool/agent }"))
        #expect((spool.directory, spool.maximumBytes) == ("/var/spool/agent", 64 << 20))
        #expect(spool.maximumAge == .seconds(86_400))
    }

    @Test func `has what the file says`() throws {
        let spool = try #require(try spool("spool: { directory: s, max_size: 2GiB, max_age: 2h }"))
        #expect((spool.directory, spool.maximumBytes, spool.maximumAge) == ("s", 2 << 30, .seconds(7200)))
    }

    @Test(arguments: [("1KiB", 1024), ("64MiB", 64 << 20), ("3GiB", 3 << 30), ("007KiB", 7168)])
    func `reads a size`(text: String, bytes: Int) throws {
        #expect(try SizeText.parse(text) == bytes)
    }

    @Test(arguments: [
        ("", SizeText.Problem.malformed), ("MiB", .malformed), ("-1MiB", .malformed), ("1.5MiB", .malformed),
        ("1 MiB", .malformed), ("64", .noUnit), ("64M", .unknownUnit("M", meant: "MiB")),
        ("64mb", .unknownUnit("mb", meant: "MiB")), ("1TiB", .unknownUnit("TiB", meant: nil)),
        ("999999999999999GiB", .tooLarge), ("9999999999999999KiB", .tooLarge),
    ]) func `refuses what is no size`(text: String, problem: SizeText.Problem) {
        #expect(throws: problem) { try SizeText.parse(text) }
    }

    @Test(arguments: [(1 << 20, "1MiB"), (64 << 30, "64GiB"), (1536 << 10, "1536KiB"), (1000, "1000 bytes")])
    func `writes a size`(bytes: Int, text: String) {
        #expect(SizeText.format(bytes) == text)
    }

    @Test(arguments: goldens)
    func `is rendered as a person reads it`(_ golden: Golden) {
        golden.check()
    }

    static let goldens: [Golden] = [
        Golden(
            "a spool without a directory",
            inTelemetry("spool: { max_size: 64MiB }"),
            """
            error: the spool needs a 'directory'
             --> mcp-keepalive.yaml:2:3
              |
            2 |   spool: { max_size: 64MiB }
              |   ^ telemetry.spool
              = help: a folder of this agent's own, such as /var/lib/mcp-keepalive/spool
            """
        ),
        Golden(
            "a spool that is only a path",
            inTelemetry("spool: /var/spool"),
            """
            error: expected a mapping, found a text
             --> mcp-keepalive.yaml:2:10
              |
            2 |   spool: /var/spool
              |          ^ telemetry.spool
            """
        ),
        Golden(
            "a size as a number",
            inTelemetry("spool: { directory: s, max_size: 64 }"),
            """
            error: expected a size such as 64MiB, found the number 64: sizes carry units
             --> mcp-keepalive.yaml:2:36
              |
            2 |   spool: { directory: s, max_size: 64 }
              |                                    ^ telemetry.spool.max_size
              = help: units are KiB, MiB and GiB
            """
        ),
        Golden(
            "a size with a decimal unit",
            inTelemetry("spool: { directory: s, max_size: 64MB }"),
            """
            error: expected a size such as 64MiB, found the text '64MB': there is no unit 'MB'
             --> mcp-keepalive.yaml:2:36
              |
            2 |   spool: { directory: s, max_size: 64MB }
              |                                    ^ telemetry.spool.max_size
              = help: did you mean 'MiB'? Units are KiB, MiB and GiB
            """
        ),
        Golden(
            "a size that is too small",
            inTelemetry("spool: { directory: s, max_size: 512KiB }"),
            """
            error: expected a size from 1MiB to 64GiB, found the text '512KiB'
             --> mcp-keepalive.yaml:2:36
              |
            2 |   spool: { directory: s, max_size: 512KiB }
              |                                    ^ telemetry.spool.max_size
            """
        ),
        Golden(
            "an age that is too short, and a key that there is not",
            inTelemetry("spool: { directory: s, max_age: 30s, maxsize: 1MiB }"),
            """
            error: expected a duration of at least 1m, found the text '30s'
             --> mcp-keepalive.yaml:2:35
              |
            2 |   spool: { directory: s, max_age: 30s, maxsize: 1MiB }
              |                                   ^ telemetry.spool.max_age

            error: unknown key 'maxsize'
             --> mcp-keepalive.yaml:2:40
              |
            2 |   spool: { directory: s, max_age: 30s, maxsize: 1MiB }
              |                                        ^ telemetry.spool.maxsize
              = help: did you mean 'max_size'?
            """
        ),
    ]
}
