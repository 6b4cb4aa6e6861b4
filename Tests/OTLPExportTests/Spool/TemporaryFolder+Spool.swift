// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting

extension TemporaryFolder {
    /// What is in the spool of the tests, batches and else.
    var spooled: [String] { names(in: "spool") }

    /// The names of the batches in it.
    var batches: [String] { spooled.filter { $0.hasSuffix(".jsonl.gz") } }
}
