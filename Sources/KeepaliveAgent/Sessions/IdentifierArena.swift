// SPDX-License-Identifier: Apache-2.0

/// The ids of all sessions in one piece of memory: an array for each would take twice the bytes of the id itself.
///
/// Ids are credentials: what is removed is overwritten where it stands. Its place serves the next id of the same length, and
/// a server's ids have one length as a rule.
struct IdentifierArena: Sendable {
    /// Where an id is; no bytes where there is none.
    struct Place: Sendable, Hashable {
        fileprivate(set) var offset: UInt32 = 0
        fileprivate(set) var length: UInt16 = 0

        /// The longest id (`StreamableHTTPHeader.isValidSessionID` allows no more than 4096 bytes).
        static let longest = Int(UInt16.max)
    }

    private var bytes: [UInt8] = []
    /// The offsets of places that are free, by length.
    private var free: [UInt16: [UInt32]] = [:]

    /// Keeps an id.
    mutating func insert(_ identifier: [UInt8]) -> Place {
        guard !identifier.isEmpty else { return Place() }
        precondition(identifier.count <= Place.longest, "an id is checked before it gets here")
        let length = UInt16(identifier.count)
        if let offset = free[length]?.popLast() {
            bytes.replaceSubrange(Int(offset)..<Int(offset) + identifier.count, with: identifier)
            return Place(offset: offset, length: length)
        }
        let offset = UInt32(bytes.count)
        bytes += identifier
        return Place(offset: offset, length: length)
    }

    /// Forgets an id.
    mutating func remove(_ place: Place) {
        guard place.length > 0 else { return }
        for index in range(of: place) { bytes[index] = 0 }
        free[place.length, default: []].append(place.offset)
    }

    /// The bytes of an id, for as long as `body` runs.
    func withBytes<Result>(of place: Place, _ body: (Swift.Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(range(of: place)))
    }

    /// Whether this id is at a place.
    func contains(_ identifier: [UInt8], at place: Place) -> Bool {
        bytes[range(of: place)].elementsEqual(identifier)
    }

    /// A copy of an id.
    func copy(_ place: Place) -> [UInt8] {
        Array(bytes[range(of: place)])
    }

    private func range(of place: Place) -> Range<Int> {
        Int(place.offset)..<Int(place.offset) + Int(place.length)
    }
}
