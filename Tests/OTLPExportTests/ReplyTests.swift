// SPDX-License-Identifier: Apache-2.0

import Testing
import Transfer

@testable import OTLPExport

@Suite struct ReplyTests {
    @Test(arguments: [
        (#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}"#, 3, "too old"),
        (#"{"partialSuccess":{"rejectedSpans":3}}"#, 3, ""),
        (#"{"partialSuccess":{"errorMessage":"deprecated"}}"#, 0, "deprecated"),
        (#"{"partialSuccess":{"rejectedSpans":-3,"errorMessage":"x"}}"#, 0, "x"),
    ]) func `reads a partial success`(body: String, rejected: Int, message: String) {
        let expected = PartialSuccess(rejected: rejected, message: message)
        #expect(PartialSuccess(reply: Array(body.utf8), signal: .traces) == expected)
    }

    @Test(arguments: [
        "", "{}", #"{"partialSuccess":null}"#, #"{"partialSuccess":{}}"#, #"{"partialSuccess":{"rejectedSpans":"0"}}"#,
        #"{"partialSuccess":{"rejectedLogRecords":"3"}}"#, "OK", "[", #"{"partialSuccess":7}"#,
    ]) func `sees a full success in everything else`(body: String) {
        #expect(PartialSuccess(reply: Array(body.utf8), signal: .traces) == nil)
    }

    @Test func `reads the count of each signal`() {
        let keys = Signal.allCases.map(\.rejectedKey)
        #expect(keys == ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"])
        for signal in Signal.allCases {
            let body = #"{"partialSuccess":{"\#(signal.rejectedKey)":"2"}}"#
            #expect(PartialSuccess(reply: Array(body.utf8), signal: signal)?.rejected == 2)
        }
    }

    @Test func `takes one short line from the reply to a failed request`() {
        let long = String(repeating: "y", count: 300)
        #expect(StatusMessage.parse(Array(#"{"code":3,"message":"bad\nfield"}"#.utf8)) == "bad field")
        #expect(StatusMessage.parse(Array(#"{"message":"\#(long)"}"#.utf8)).count == 200)
        for body in ["", "<html>", #"{"message":3}"#, "[]"] { #expect(StatusMessage.parse(Array(body.utf8)).isEmpty) }
    }

    @Test(arguments: [
        (Int32(6), Int32(0), TransportFailure.dns), (7, 111, .connect), (28, 0, .timeout), (35, 0, .tls),
        (35, 104, .disconnect),
        (60, 0, .tls), (77, 0, .tls), (52, 0, .disconnect), (56, 104, .disconnect), (18, 0, .disconnect),
        (7, 24, .localResource),
        (1, 0, .replyInvalid), (61, 0, .replyInvalid), (43, 0, .configuration), (99, 0, .other),
    ]) func `tells failures of the transport apart`(code: Int32, osError: Int32, expected: TransportFailure) {
        #expect(TransportFailure(TransferError(curlCode: code, osError: osError, message: "")) == expected)
    }

    @Test func `puts the agent's own limits before the transport's codes`() {
        let limit = TransferError(curlCode: 23, message: "", limitExceeded: true)
        #expect(TransportFailure(limit) == .replyTooLarge)
        #expect(TransportFailure(.cancelled) == .cancelled)
    }
}
