// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why there is no result; a benchmark that measured something else is worse than none.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A call of the operating system failed just now.
    static func system(_ call: String) -> BenchmarkError {
        BenchmarkError("\(call) failed: errno \(errno)")
    }
}
