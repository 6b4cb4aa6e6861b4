// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct ExportHealthTests {
    private let partial = PartialSuccess(rejected: 1, message: "old")

    @Test func `tells of trouble from the second failed attempt on, once, and of its end, once`() {
        var health = ExportHealth()
        let down = ExportFailure.transport(.connect)
        #expect(health.failed(down, isFinal: false, details: "refused").isEmpty)
        #expect(
            health.failed(down, isFinal: false, details: "refused") == [
                .failing(errorType: "connect", details: "refused")
            ]
        )
        #expect(health.failed(down, isFinal: true, details: "refused").isEmpty)
        #expect(health.succeeded(nil) == [.recovered])
        #expect(health.succeeded(nil).isEmpty)
    }

    @Test func `does not tell of a single attempt that was repeated with success`() {
        var health = ExportHealth()
        #expect(health.failed(.status(503), isFinal: false, details: "").isEmpty)
        #expect(health.succeeded(nil).isEmpty)
        #expect(health.failed(.status(503), isFinal: false, details: "").isEmpty)
    }

    @Test func `tells at once when a batch was given up, and when the reason changes`() {
        var health = ExportHealth()
        #expect(health.failed(.status(401), isFinal: true, details: "") == [.failing(errorType: "401", details: "")])
        #expect(health.failed(.status(401), isFinal: true, details: "").isEmpty)
        #expect(health.failed(.status(403), isFinal: true, details: "") == [.failing(errorType: "403", details: "")])
    }

    @Test func `tells of partial success when it begins`() {
        var health = ExportHealth()
        #expect(health.succeeded(partial) == [.partial(partial)])
        #expect(health.succeeded(partial).isEmpty)
        #expect(health.succeeded(nil).isEmpty)
        #expect(health.succeeded(partial) == [.partial(partial)])
    }

    @Test func `says what changed in a line`() {
        let failing = ExportChange.Kind.failing(errorType: "connect", details: "refused")
        func line(_ kind: ExportChange.Kind) -> String {
            ExportChange(signal: .logs, kind: kind, endpoint: "http://c/v1/logs").description
        }
        #expect(line(failing) == "export of logs to http://c/v1/logs fails (connect): refused")
        #expect(line(.recovered) == "export of logs to http://c/v1/logs works again")
        #expect(line(.partial(partial)) == "the collector at http://c/v1/logs rejected 1 of the logs: old")
    }
}
