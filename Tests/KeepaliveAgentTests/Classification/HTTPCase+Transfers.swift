// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting

extension HTTPCase {
    /// What the transfer says: no connection, no answer, too much of an answer.
    static let transfers: [HTTPCase] = [
        HTTPCase(
            "stopped in flight",
            row: "stopped by the agent",
            at: .stopping,
            is: .uncounted(.cancelled, .unknown, .none)
        ),
        HTTPCase(
            "all connections in use",
            row: "out of descriptors, ports or memory",
            at: .saturated,
            is: .uncounted(.localResource, .unknown, .shedLoad)
        ),
        HTTPCase("a refused port", row: "curl 7, 97", at: .refusing, is: .counted(.connect)),
        HTTPCase("an unknown host", row: "curl 5, 6", at: .unresolvable, is: .counted(.dns)),
        HTTPCase("TLS to a plain port", row: "TLS", at: .plain, is: .tls),
        HTTPCase("a CA file that is missing", row: "TLS", at: .withoutCertificates, is: .tls),
        HTTPCase("silence", row: "curl 28", steps: [.hang], timeout: shortTimeout, is: .counted(.timeout)),
        HTTPCase(
            "a drip",
            row: "curl 28",
            steps: [.respondHead(), .drip(Array(repeating: 0x20, count: 10_000), every: .milliseconds(10))],
            timeout: shortTimeout,
            is: .counted(.timeout)
        ),
        HTTPCase(
            "an endless stream without our id",
            row: "curl 28",
            steps: [
                .respondHead(headers: [("Content-Type", "text/event-stream")]),
                .text("data: \(result("{}", id: "1"))\n\n"), .hang,
            ],
            timeout: shortTimeout,
            is: .counted(.timeout)
        ),
        HTTPCase("a reset", row: "curl 52, 55, 56, 65", steps: [.reset], is: .counted(.reset)),
        HTTPCase("an empty reply", row: "curl 52, 55, 56, 65", steps: [.close], is: .counted(.reset)),
        HTTPCase(
            "no HTTP",
            row: "curl 1, 3, 8, 16, 61, 92",
            steps: [.text("SSH-2.0-x\r\n"), .close],
            is: .counted(.protocol)
        ),
        HTTPCase(
            "compressed unasked",
            row: "curl 1, 3, 8, 16, 61, 92",
            headers: [("Content-Encoding", "gzip")],
            is: .counted(.protocol)
        ),
        HTTPCase(
            "a flood of headers",
            row: "header section over its cap",
            steps: [.text("HTTP/1.1 200 OK\r\n"), .repeatForever(Array("X-Flood: \(padding)\r\n".utf8))],
            is: .counted(.protocol)
        ),
        HTTPCase(
            "one endless header",
            row: "header section over its cap",
            steps: [.text("HTTP/1.1 200 OK\r\nX-Flood: "), .repeatForever(Array(padding.utf8))],
            is: .counted(.protocol)
        ),
        HTTPCase(
            "an endless body",
            row: "body over its cap",
            steps: [
                .respondHead(headers: [("Content-Type", "application/json")]), .repeatForever(Array(padding.utf8)),
            ],
            is: .counted(.bodyTooLarge)
        ),
        HTTPCase(
            "a partial body",
            row: "curl 18",
            steps: [
                .text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\""),
                .close,
            ],
            is: .counted(.noResponse)
        ),
    ]

    /// What a complete 2xx answer lacks.
    static let bodies: [HTTPCase] = [
        HTTPCase("an empty 200", row: noAnswer, as: "", is: .counted(.noResponse)),
        HTTPCase("an empty 202", row: noAnswer, status: 202, as: "", is: .counted(.noResponse)),
        HTTPCase("an empty stream", row: noAnswer, as: "text/event-stream", is: .counted(.noResponse)),
        HTTPCase(
            "a stream that ends without our id",
            row: noAnswer,
            as: "text/event-stream",
            ": hello\n\ndata: \(result("{}", id: "1"))\n\n",
            is: .counted(.noResponse)
        ),
        HTTPCase("bad JSON", row: badAnswer, #"{"jsonrpc":"#, is: .counted(.protocol)),
        HTTPCase(
            "100,000 brackets",
            row: badAnswer,
            result(String(repeating: "[", count: 100_000)),
            is: .counted(.protocol)
        ),
        HTTPCase(
            "the wrong id",
            row: badAnswer,
            result("{}", id: #""ka-0000000000000000-0""#),
            is: .counted(.protocol)
        ),
        HTTPCase("a page", row: badAnswer, as: "text/html", "<html>", is: .counted(.protocol)),
        HTTPCase("a result of the wrong type", row: badAnswer, as: "text/plain", result("{}"), is: .counted(.protocol)),
    ]

    static let all = answers + statuses + transfers + bodies

    private static let noAnswer = "2xx, empty or ended without our id"
    private static let badAnswer = "2xx, bad JSON, content type, encoding or id"
    private static let shortTimeout: Duration = .milliseconds(300)
    private static let padding = String(repeating: "a", count: 1000)
}
