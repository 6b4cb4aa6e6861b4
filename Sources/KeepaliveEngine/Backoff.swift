// SPDX-License-Identifier: Apache-2.0

/// How long to wait before something that failed is tried again, such as to initialize an owned session: 1 s, doubled each
/// time up to 60 s, jittered.
///
/// | failures before | 0   | 1   | 2   | 3   | 4    | 5    | 6 and more |
/// |-----------------|-----|-----|-----|-----|------|------|------------|
/// | longest delay   | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 60 s       |
package enum Backoff {
    /// The delay before the first try.
    package static let base: Duration = .seconds(1)
    /// The longest delay.
    package static let longest: Duration = .seconds(60)
    /// The largest share that chance takes off.
    package static let jitter = 0.25

    /// The delay after `failures` failures in a row.
    package static func delay(after failures: Int, using random: inout SplitMix64) -> Duration {
        let whole = failures < 6 ? base * (1 << max(0, failures)) : longest
        return whole.scaled(by: 1 - jitter * random.fraction())
    }
}
