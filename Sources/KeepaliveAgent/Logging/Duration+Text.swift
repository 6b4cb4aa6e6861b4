// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

extension Duration {
    /// The duration as a person writes it, with units and without more digits than help: `5m`, `4m30s`, `1.5s`, `2.1ms`.
    package var text: String {
        if self < .zero { return "-" + (.zero - self).text }
        let milliseconds = fractionalSeconds * 1000
        if milliseconds < 1 { return Self.decimal(milliseconds, digits: 2) + "ms" }
        if milliseconds < 99.95 { return Self.decimal(milliseconds, digits: 1) + "ms" }
        if milliseconds < 999.5 { return "\(Int(milliseconds.rounded()))ms" }
        if milliseconds < 59_950 { return Self.decimal(milliseconds / 1000, digits: 1) + "s" }
        let seconds = Int((milliseconds / 1000).rounded())
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }

    /// `value` with at most `digits` decimals, without trailing zeros.
    private static func decimal(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
