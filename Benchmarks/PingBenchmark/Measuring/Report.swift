// SPDX-License-Identifier: Apache-2.0

/// The table of a comparison. The ratio is that of two readings of the same round; only it means anything elsewhere.
struct Report {
    /// What a keepalive aims for: at least this part of wrk's calls per processor second.
    static let goal = 0.28

    private let results: [Variant: [Measurement]]

    init(_ results: [Variant: [Measurement]]) {
        self.results = results
    }

    var text: String {
        var lines = [
            "processor time of one ping in µs: minimum, median, maximum of \(results[.wrk]?.count ?? 0) rounds", "",
            row("", ["min", "median", "max", "of wrk", "calls/s", "exported"]),
        ]
        for variant in Variant.allCases {
            guard let measurements = results[variant] else { continue }
            let cost = Spread(measurements.map(\.cost))
            let rate = Spread(measurements.map(\.rate)).median
            let numbers = [
                fixed(cost.minimum, 1), fixed(cost.median, 1), fixed(cost.maximum, 1), fixed(ratio(variant), 3),
            ]
            let cells = numbers + [fixed(rate, 0), exported(variant, measurements)]
            lines.append(row(variant.title, cells))
        }
        let best = max(ratio(.silent16), ratio(.silent64))
        lines += ["", "keepalives per processor second, of wrk: \(fixed(best, 3)), aim \(Self.goal) or more"]
        let added = zip(results[.exporting16] ?? [], results[.untraced16] ?? []).map { $0.cost / $1.cost - 1 }
        lines += [
            "telemetry, two spans per keepalive made and exported, adds "
                + "\(fixed(100 * Spread(added).median, 0)) %, aim 35 % or less"
        ]
        return lines.joined(separator: "\n")
    }

    /// The share of the spans that was exported, of those that ended either way within the windows.
    private func exported(_ variant: Variant, _ measurements: [Measurement]) -> String {
        guard variant.load?.spans == .exported else { return "-" }
        let exported = measurements.reduce(0) { $0 + $1.exportedSpans }
        let dropped = measurements.reduce(0) { $0 + $1.droppedSpans }
        return fixed(100 * Double(exported) / Double(max(1, exported + dropped)), 1) + " %"
    }

    private func ratio(_ variant: Variant) -> Double {
        let pairs = zip(results[.wrk] ?? [], results[variant] ?? [])
        return Spread(pairs.map { $0.cost / $1.cost }).median
    }

    private func row(_ title: String, _ cells: [String]) -> String {
        title + String(repeating: " ", count: max(0, 36 - title.count))
            + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }

    /// A number with so many digits after the point, without Foundation.
    private func fixed(_ number: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((number * Double(scale)).rounded())
        guard digits > 0 else { return "\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
