// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody probably meant.
package enum Suggestion {
    /// The longest word that is compared, in bytes: the work grows with the square.
    static let longestWord = 64

    /// The candidate closest to `word`, if it is close enough; the first one among equals.
    ///
    /// Close enough is a third of its length in changes, at least one, or the same but for case and separators.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        guard word.utf8.count <= longestWord else { return nil }
        let folded = fold(word)
        if let same = candidates.first(where: { fold($0) == folded && $0 != word }) { return same }
        let ranked =
            candidates
            .filter { candidate in
                // A difference in length is a distance already.
                let lengths = (word.utf8.count, candidate.utf8.count)
                return candidate != word && lengths.1 <= longestWord && abs(lengths.0 - lengths.1) <= allowed(lengths)
            }
            .map { (candidate: $0, distance: distance(folded, fold($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        let isClose = best.distance <= allowed((word.utf8.count, best.candidate.utf8.count))
        return isClose && best.distance < word.utf8.count ? best.candidate : nil
    }

    /// How many changes may lie between two words of these lengths.
    private static func allowed(_ lengths: (Int, Int)) -> Int {
        max(1, max(lengths.0, lengths.1) / 3)
    }

    /// Lowercase without separators, so that `sessionTTL` is `session_ttl`.
    private static func fold(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != 0x5F && $0 != 0x2D }
    }

    /// The least number of insertions, deletions, substitutions and swaps of neighbors (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
