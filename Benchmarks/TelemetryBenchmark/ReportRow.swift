// SPDX-License-Identifier: Apache-2.0

/// One line of the result.
struct ReportRow: Encodable {
    let title: String
    let value: String
    var aim = ""
    /// Whether the aim is reached; nil where there is none.
    var isReached: Bool?
}
