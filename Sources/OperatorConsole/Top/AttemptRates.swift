// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation

/// How many calls end per minute, from the differences between what the agent counted at several moments.
package struct AttemptRates: Sendable {
    private struct Sample {
        let time: Date
        let attempts: [String: UInt64]
    }

    /// What is told is an average over this time, in seconds.
    private static let window: Double = 60

    private var samples: [Sample] = []
    private var startedAt: Date?

    package init() {}

    /// Takes in what the agent says now.
    package mutating func note(_ status: StatusView) {
        // Another process counts from zero.
        if status.startedAt != startedAt { samples = [] }
        startedAt = status.startedAt
        if let last = samples.last, status.now <= last.time { return }
        let attempts = Dictionary(status.backends.map { ($0.name, $0.attempts) }) { first, _ in first }
        samples.append(Sample(time: status.now, attempts: attempts))
        // The newest of those that are older than the window stays, so that the window is full.
        while samples.count > 2, status.now.timeIntervalSince(samples[1].time) >= Self.window { samples.removeFirst() }
    }

    /// Calls per minute; nil until two moments are known.
    package func perMinute(_ backend: String) -> Double? {
        guard let last = samples.last, let end = last.attempts[backend] else { return nil }
        // A backend that a reload added is not in the older samples; one that was replaced counts from zero.
        let known = samples.dropLast().first { $0.attempts[backend].map { $0 <= end } ?? false }
        guard let known, let start = known.attempts[backend] else { return nil }
        return Double(end - start) / last.time.timeIntervalSince(known.time) * 60
    }
}
