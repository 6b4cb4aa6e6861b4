// SPDX-License-Identifier: Apache-2.0

/// Measures all variants in turn, several times, against one peer, each in a process of its own.
struct Comparison {
    private let options: LoadOptions
    private let program: String

    /// - Parameter program: the path of this program.
    init(_ options: LoadOptions, program: String) {
        self.options = options
        self.program = program
    }

    /// The measurements of all rounds by variant.
    func run(progress: (String) -> Void) throws(BenchmarkError) -> [Variant: [Measurement]] {
        let peer = try ChildProcess([program, "serve"])
        guard let url = peer.readLine(), url.hasPrefix("http://") else {
            throw BenchmarkError("the peer did not start")
        }
        let wrk = try Wrk()
        defer { wrk.remove() }
        var results: [Variant: [Measurement]] = [:]
        for round in 1...options.rounds {
            // There and back again, so that a machine that gets slower or faster treats all alike.
            let order = round % 2 == 1 ? Variant.allCases : Variant.allCases.reversed()
            for variant in order {
                progress("round \(round) of \(options.rounds): \(variant.title)")
                results[variant, default: []].append(try measure(variant, url, wrk))
            }
        }
        _ = try peer.finish()
        return results
    }

    private func measure(_ variant: Variant, _ url: String, _ wrk: Wrk) throws(BenchmarkError) -> Measurement {
        guard let load = variant.load else { return try wrk.measure(url: url, seconds: options.window) }
        let arguments = options.arguments(url: url, inFlight: load.inFlight, spans: load.spans)
        let (output, _) = try ChildProcess([program, load.role] + arguments).finish()
        guard let measurement = Measurement(line: output) else {
            throw BenchmarkError("\(variant.title) measured nothing: \(output)")
        }
        return measurement
    }
}
