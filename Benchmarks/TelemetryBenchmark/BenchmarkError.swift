// SPDX-License-Identifier: Apache-2.0

/// Why there is no result; a benchmark that measured something else is worse than none.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
