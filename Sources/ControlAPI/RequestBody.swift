// SPDX-License-Identifier: Apache-2.0

/// What a client sends as JSON: an object with no other keys than these.
package protocol RequestBody: Codable, Sendable, Hashable {
    associatedtype CodingKeys: CodingKey, CaseIterable

    /// - Throws: `invalid_body` when a value is out of its range.
    func validate() throws(ControlProblem)
}

extension RequestBody {
    /// Refuses a number that is there and out of its range.
    static func check(_ value: Int?, in range: ClosedRange<Int>, as key: CodingKeys) throws(ControlProblem) {
        guard let value, !range.contains(value) else { return }
        throw ControlProblem(
            .invalidBody,
            "\(key.stringValue): expected \(range.lowerBound) to \(range.upperBound), found \(value)"
        )
    }
}
