// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// JSON as the local API speaks it: RFC 3339 times with milliseconds, no unknown keys in requests.
package enum ControlJSON {
    /// The JSON of an answer.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(Self.time))
        }
        return try encoder.encode(value)
    }

    /// Reads an answer.
    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try decoder().decode(type, from: data)
    }

    /// Reads the body of a request; an empty one counts as `{}`.
    ///
    /// - Throws: `invalid_body`, in words that repeat nothing of the values.
    package static func decodeBody<Body: RequestBody>(_ type: Body.Type, from data: Data) throws(ControlProblem) -> Body
    {
        let data = data.isEmpty ? Data("{}".utf8) : data
        let keys: Set<String>
        do {
            keys = Set(try decoder().decode([String: Anything].self, from: data).keys)
        } catch DecodingError.typeMismatch {
            throw ControlProblem(.invalidBody, "expected a JSON object")
        } catch {
            throw ControlProblem(.invalidBody, "this is not valid JSON")
        }
        let known = Body.CodingKeys.allCases.map(\.stringValue)
        if let unknown = keys.subtracting(known).min() {
            throw ControlProblem(
                .invalidBody,
                "unknown key '\(unknown.prefix(64).filter { $0.isASCII && !$0.isNewline })'; "
                    + "known are \(known.joined(separator: ", "))"
            )
        }
        let body: Body
        do {
            body = try decoder().decode(type, from: data)
        } catch DecodingError.keyNotFound(let key, _) {
            throw ControlProblem(.invalidBody, "\(key.stringValue) is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw ControlProblem(.invalidBody, "\(path(of: context)) has the wrong type")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw ControlProblem(
                .invalidBody,
                "\(path(of: context)): expected an RFC 3339 time, such as 2026-11-26T08:00:00Z"
            )
        } catch {
            throw ControlProblem(.invalidBody, "a number is too large or not a whole one")
        }
        try body.validate()
        return body
    }

    private static func path(of context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".")
    }

    /// Any value, of which nothing is kept.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) {}
    }

    private static var time: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            for style in [Self.time, Date.ISO8601FormatStyle()] {
                if let date = try? style.parse(text) { return date }
            }
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        return decoder
    }
}
