// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI

/// The path and the query of a request, percent-decoded (RFC 3986 sections 3.3 and 3.4).
struct RequestTarget: Sendable, Hashable {
    /// What is between the slashes; a `%2F` is a part of one of them.
    var segments: [String]
    /// The query as forms write it: a `+` is a blank.
    var parameters: [Parameter]

    struct Parameter: Sendable, Hashable {
        var name: String
        var value: String
    }

    /// - Throws: `invalid_parameter` when a percent sign is not followed by two digits, or they are no UTF-8.
    init(_ text: String) throws(ControlProblem) {
        let text = text.prefix { $0 != "#" }
        let end = text.firstIndex(of: "?") ?? text.endIndex
        segments = []
        for segment in text[..<end].split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            segments.append(try Self.decode(segment.utf8))
        }
        parameters = []
        for pair in text[end...].dropFirst().split(separator: "&") {
            let end = pair.firstIndex(of: "=") ?? pair.endIndex
            parameters.append(
                Parameter(
                    name: try Self.decode(pair[..<end].utf8.map(Self.blank)),
                    value: try Self.decode(pair[end...].dropFirst().utf8.map(Self.blank))
                )
            )
        }
    }

    private static func blank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte }

    private static func decode(_ bytes: some Collection<UInt8>) throws(ControlProblem) -> String {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                throw ControlProblem(
                    .invalidParameter,
                    "a % in the path or query is not followed by two hexadecimal digits"
                )
            }
            decoded.append(high << 4 | low)
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw ControlProblem(.invalidParameter, "the path or query is not UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
