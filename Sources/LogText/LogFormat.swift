// SPDX-License-Identifier: Apache-2.0

/// How log lines look on stderr.
package enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// For people: time, level, message, fields.
    case pretty
    /// `key=value` pairs, one line a record.
    case logfmt
    /// One JSON object a line.
    case json
}
