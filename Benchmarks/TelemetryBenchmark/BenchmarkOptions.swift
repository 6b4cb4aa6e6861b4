// SPDX-License-Identifier: Apache-2.0

/// How to measure.
struct BenchmarkOptions {
    /// How often everything is measured; the median is what counts.
    var rounds = 9
    /// What the Python SDK's exporter encodes and compresses, in spans per second of processor time; nil when unknown.
    var pythonRate: Double?

    /// Reads `--name value` pairs.
    init(_ arguments: some Collection<String>) throws(BenchmarkError) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw BenchmarkError("\(name) needs a value") }
            switch name {
            case "--rounds":
                guard let number = Int(value), number > 0 else {
                    throw BenchmarkError("\(name) needs a positive number")
                }
                rounds = number
            case "--python-exporter":
                guard let rate = Double(value), rate > 0 else {
                    throw BenchmarkError("\(name) needs a positive number")
                }
                pythonRate = rate
            default: throw BenchmarkError("unknown option \(name)")
            }
        }
    }
}
