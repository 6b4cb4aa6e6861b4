// SPDX-License-Identifier: Apache-2.0

/// A request as a `TCPPeer` received it.
package struct TCPPeerRequest: Sendable {
    /// The number of its connection, counted from 1 in the order of arrival.
    package let connection: Int
    /// The number of the request on its connection, counted from 1.
    package let number: Int
    /// The method, such as `POST`.
    package let method: String
    /// What follows the method, such as `/mcp`.
    package let target: String
    /// The header fields as sent, in order.
    package let headers: [(name: String, value: String)]
    /// The body, as long as the Content-Length says.
    package let body: [UInt8]

    /// The value of the first field of that name, whatever its case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads the head of a request, without the empty line that ends it.
    init?(connection: Int, number: Int, head: [UInt8], body: [UInt8]) {
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard !lines.isEmpty else { return nil }
        let words = lines.removeFirst().split(separator: " ")
        guard words.count == 3 else { return nil }
        self.connection = connection
        self.number = number
        method = String(words[0])
        target = String(words[1])
        headers = lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        self.body = body
    }
}
