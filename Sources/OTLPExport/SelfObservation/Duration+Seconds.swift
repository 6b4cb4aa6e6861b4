// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// The duration in seconds, as metrics have it.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
