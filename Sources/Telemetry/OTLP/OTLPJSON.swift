// SPDX-License-Identifier: Apache-2.0

/// The JSON encoding of OTLP: requests to `v1/traces`, `v1/logs` and `v1/metrics`.
///
/// Where the specification lets a receiver read two forms of a field, the one is written that every receiver reads in
/// practice: times and `intValue` as decimal strings, `asInt`, `count` and `bucketCounts` as numbers up to 2^53, enumerations
/// as numbers, ids in lowercase hexadecimal. Defaults are left out, values that make a point countable never are.
public enum OTLPJSON {
    /// Up to here every receiver that reads numbers as doubles sees the exact value.
    static let largestExactNumber: UInt64 = 1 << 53
}
