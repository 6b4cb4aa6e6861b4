// SPDX-License-Identifier: Apache-2.0

/// One measurement, as the process is told that makes it.
struct LoadOptions {
    /// The base URL of the peer.
    var url = "http://127.0.0.1:1"
    /// How many requests may be in flight at once.
    var inFlight = 16
    /// How many sessions there are.
    var sessions = 50_000
    /// How long the load runs before the window, and how long the window is, in seconds.
    var warmUp = 1.5
    var window = 3.0
    /// How often everything is measured.
    var rounds = 5
    /// What becomes of spans.
    var spans = SpanHandling.dropped

    /// Reads `--name value` pairs.
    init(_ arguments: some Collection<String>) throws(BenchmarkError) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw BenchmarkError("\(name) needs a value") }
            switch name {
            case "--url": url = value
            case "--in-flight": inFlight = try Self.number(value, of: name)
            case "--sessions": sessions = try Self.number(value, of: name)
            case "--warm-up": warmUp = try Self.number(value, of: name)
            case "--window": window = try Self.number(value, of: name)
            case "--rounds": rounds = try Self.number(value, of: name)
            case "--spans":
                guard let handling = SpanHandling(rawValue: value) else {
                    throw BenchmarkError("--spans is none, dropped or exported, not '\(value)'")
                }
                spans = handling
            default: throw BenchmarkError("unknown option \(name)")
            }
        }
    }

    /// The options of another process that measures the same way.
    func arguments(url: String, inFlight: Int, spans: SpanHandling) -> [String] {
        [
            "--url", url, "--in-flight", "\(inFlight)", "--sessions", "\(sessions)", "--warm-up", "\(warmUp)",
            "--window", "\(window)", "--spans", spans.rawValue,
        ]
    }

    private static func number<Number: LosslessStringConvertible & Comparable & ExpressibleByIntegerLiteral>(
        _ text: String,
        of name: String
    ) throws(BenchmarkError) -> Number {
        guard let number = Number(text), number > 0 else {
            throw BenchmarkError("\(name) needs a positive number, not '\(text)'")
        }
        return number
    }
}
