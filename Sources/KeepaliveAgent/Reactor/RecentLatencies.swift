// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// How long the last successful calls of a backend took; of a fixed size, so that noting one allocates nothing.
struct RecentLatencies: Sendable {
    private var milliseconds: [Float] = []
    private var next = 0

    /// How many are kept.
    private static let capacity = 128

    /// Notes one.
    mutating func append(_ value: Duration) {
        let value = Float(value.fractionalSeconds * 1000)
        if milliseconds.count < Self.capacity {
            milliseconds.append(value)
        } else {
            milliseconds[next] = value
            next = (next + 1) % Self.capacity
        }
    }

    /// The value that this share of them does not exceed, in milliseconds (nearest rank); nil without any.
    func quantile(_ share: Double) -> Double? {
        guard !milliseconds.isEmpty else { return nil }
        let rank = Int((share * Double(milliseconds.count)).rounded(.up))
        return Double(milliseconds.sorted()[min(max(rank, 1), milliseconds.count) - 1])
    }
}
