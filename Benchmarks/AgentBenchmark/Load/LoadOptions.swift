// SPDX-License-Identifier: Apache-2.0

/// What a process is told; each role looks at what concerns it.
struct LoadOptions {
    /// The base URL of the peer; with several backends they are at 127.0.0.1, 127.0.0.2 and so on.
    var url = "http://127.0.0.1:1"
    /// How many requests may be in flight at once, per backend.
    var inFlight = 16
    /// How many sessions there are, over all backends.
    var sessions = 50_000
    var backends = 1
    /// How long the load runs before the window, and how long the window is, in seconds.
    var warmUp = 1.5
    var window = 3.0
    /// After how many calls the load ends, in place of a window; 0: it does not.
    var calls = 0
    /// The time between two keepalives of a session, in seconds.
    var interval = 300.0
    /// What becomes of spans.
    var spans = SpanHandling.dropped
    /// The certificates that a TLS server is verified with; empty: it is not verified.
    var caFile = ""
    /// A file to be written or read.
    var file = ""
    /// Whether answers are event streams.
    var answersInStreams = false

    /// Reads `--name value` pairs.
    init(_ arguments: some Collection<String>) throws(BenchmarkError) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw BenchmarkError("\(name) needs a value") }
            switch name {
            case "--url": url = value
            case "--in-flight": inFlight = try Self.number(value, of: name)
            case "--sessions": sessions = try Self.number(value, of: name)
            case "--backends": backends = try Self.number(value, of: name)
            case "--warm-up": warmUp = try Self.number(value, of: name)
            case "--window": window = try Self.number(value, of: name)
            case "--calls": calls = try Self.number(value, of: name)
            case "--interval": interval = try Self.number(value, of: name)
            case "--ca-file": caFile = value
            case "--file": file = value
            case "--answers": answersInStreams = value == "streams"
            case "--spans":
                guard let handling = SpanHandling(rawValue: value) else {
                    throw BenchmarkError("--spans is none, dropped or exported, not '\(value)'")
                }
                spans = handling
            default: throw BenchmarkError("unknown option \(name)")
            }
        }
    }

    /// The URLs of the backends.
    var backendURLs: [String] {
        guard backends > 1 else { return [url + "/mcp"] }
        let port = url.split(separator: ":").last ?? ""
        return (0..<backends).map { "http://\(Peer.address($0)):\(port)/mcp" }
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
