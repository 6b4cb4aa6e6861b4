// SPDX-License-Identifier: Apache-2.0

/// One thing that a `TCPPeer` does on a connection after it has read a request.
///
/// After the last step the next request is read from the same connection.
package enum TCPPeerStep: Sendable {
    /// Sends these bytes.
    case bytes([UInt8])
    /// Sends these bytes one by one, each after a pause.
    case drip([UInt8], every: Duration)
    /// Sends these bytes again and again until the other side closes.
    case repeatForever([UInt8])
    /// Does nothing more until the other side closes or the peer is stopped.
    case hang
    /// Closes the connection in order.
    case close
    /// Closes the connection with a TCP reset.
    case reset

    /// Sends this text.
    package static func text(_ text: String) -> TCPPeerStep { .bytes(Array(text.utf8)) }

    /// Sends a whole HTTP/1.1 response with a Content-Length.
    package static func respond(
        status: Int = 200,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) -> TCPPeerStep {
        var head = "HTTP/1.1 \(status) Scripted\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return .bytes(Array(head.utf8) + body)
    }

    /// Sends a whole HTTP/1.1 response with a JSON body.
    package static func respond(status: Int = 200, json: String) -> TCPPeerStep {
        respond(status: status, headers: [("Content-Type", "application/json")], body: Array(json.utf8))
    }

    /// Sends the head of an HTTP/1.1 response whose body ends with the connection or not at all.
    package static func respondHead(status: Int = 200, headers: [(name: String, value: String)] = []) -> TCPPeerStep {
        var head = "HTTP/1.1 \(status) Scripted\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return .text(head + "\r\n")
    }

    /// Sends one chunk of a body with the chunked transfer coding; an empty one ends the body.
    package static func chunk(_ text: String) -> TCPPeerStep {
        .text(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
    }
}
