// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

/// What the requests on each session need, by the engine's handle; handles are dense, so it is an array.
///
/// There may be a million sessions, nearly all of which differ in their ids only: what few of them have is elsewhere.
struct SessionDirectory: Sendable {
    /// What every session has; the size is guarded by a test.
    struct Entry: Sendable {
        /// Of the handle; 0 while the place is free.
        var generation: UInt32 = 0
        var backend: BackendIndex = 0
        var identifier = IdentifierArena.Place()
        var origin = SessionOrigin.attached
        /// In `versions`, counted from 1; 0 when nobody said.
        var version: UInt8 = 0
        /// In `details`, or -1.
        var details: Int32 = -1
        /// Which of the backend's headers were sent last; 0 when none were.
        var sentRevision: UInt32 = 0
        /// The hash of the id; it outlives the id itself.
        var code: UInt64 = 0
    }

    /// What a session has that has headers of its own, or an unusual version.
    private struct Details: Sendable {
        var protocolVersion: ProtocolVersion?
        var ownHeaders: [HeaderConfiguration] = []
        var headers: [HeaderField]?
        var sentHeaders: [HeaderField] = []
    }

    private let naming: SessionNaming
    private var entries: [Entry] = []
    private var identifiers = IdentifierArena()
    private var versions: [ProtocolVersion] = []
    private var details: [Details] = []
    private var freeDetails: [Int32] = []

    init(naming: SessionNaming) {
        self.naming = naming
    }

    // MARK: For whoever has time

    /// The context of a session; nil when the handle is no longer, or not yet, in use.
    subscript(handle: SessionHandle) -> SessionContext? {
        get {
            guard isInUse(handle) else { return nil }
            let entry = entries[Int(handle.index)]
            var context = SessionContext(origin: entry.origin, backend: entry.backend)
            context.identifier = identifiers.copy(entry.identifier)
            context.protocolVersion = version(of: entry)
            if entry.details >= 0 {
                context.ownHeaders = details[Int(entry.details)].ownHeaders
                context.headers = details[Int(entry.details)].headers
            }
            return context
        }
        set {
            while entries.count <= Int(handle.index) { entries.append(Entry()) }
            if let newValue {
                keep(newValue, for: handle)
            } else if isInUse(handle) {
                free(Int(handle.index))
            }
        }
    }

    private mutating func keep(_ context: SessionContext, for handle: SessionHandle) {
        let index = Int(handle.index)
        if entries[index].generation != handle.generation {
            free(index)
            entries[index].generation = handle.generation
        }
        entries[index].backend = context.backend
        entries[index].origin = context.origin
        if !identifiers.contains(context.identifier, at: entries[index].identifier) {
            identifiers.remove(entries[index].identifier)
            entries[index].identifier = identifiers.insert(context.identifier)
            if !context.identifier.isEmpty, case .hash(let hash) = naming {
                entries[index].code = hash.code(of: context.identifier)
            }
        }
        let version = context.protocolVersion.map { number(of: $0) } ?? 0
        entries[index].version = version ?? 0
        guard version == nil || context.headers != nil || !context.ownHeaders.isEmpty else {
            return freeDetails(of: index)
        }
        if entries[index].details < 0 { entries[index].details = makeDetails() }
        let place = Int(entries[index].details)
        details[place].protocolVersion = version == nil ? context.protocolVersion : nil
        details[place].ownHeaders = context.ownHeaders
        details[place].headers = context.headers
    }

    /// The id of a session is worth nothing any more: nothing may be sent with it, not even a DELETE. The name stays.
    mutating func forgetIdentifier(of handle: SessionHandle) {
        guard isInUse(handle) else { return }
        identifiers.remove(entries[Int(handle.index)].identifier)
        entries[Int(handle.index)].identifier = IdentifierArena.Place()
    }

    /// Takes over other headers of a backend where its sessions override some of them.
    mutating func refreshHeaders(on index: BackendIndex, of backend: Backend) {
        for entry in entries where entry.generation != 0 && entry.backend == index && entry.details >= 0 {
            let place = Int(entry.details)
            details[place].headers = backend.headers(overriddenBy: details[place].ownHeaders)
        }
    }

    /// All sessions of one backend.
    func handles(on backend: BackendIndex) -> [SessionHandle] {
        entries.indices.compactMap { index in
            guard entries[index].generation != 0, entries[index].backend == backend else { return nil }
            return SessionHandle(index: Int32(index), generation: entries[index].generation)
        }
    }

    /// Sessions of one backend or of all, in the order of their indices after `index`, at most `limit`; and the index to go on
    /// after, nil when there are no more.
    func handles(after index: Int32, on backend: BackendIndex?, limit: Int) -> ([SessionHandle], Int32?) {
        var handles: [SessionHandle] = []
        for position in entries.indices.dropFirst(Int(max(-1, index)) + 1) {
            let entry = entries[position]
            guard entry.generation != 0, backend.map({ entry.backend == $0 }) ?? true else { continue }
            if handles.count == limit { return (handles, handles.last?.index) }
            handles.append(SessionHandle(index: Int32(position), generation: entry.generation))
        }
        return (handles, nil)
    }

    /// All sessions of our own, by backend; one pass over all sessions.
    var owned: [BackendIndex: [SessionHandle]] {
        var owned: [BackendIndex: [SessionHandle]] = [:]
        for (index, entry) in entries.enumerated() where entry.generation != 0 && entry.origin == .owned {
            owned[entry.backend, default: []].append(SessionHandle(index: Int32(index), generation: entry.generation))
        }
        return owned
    }

    /// Whether the headers with the credentials of a session, the backend's being these, differ from what was sent last.
    func hasUnsentHeaders(_ handle: SessionHandle, of backend: Backend) -> Bool {
        guard isInUse(handle) else { return false }
        let entry = entries[Int(handle.index)]
        guard entry.details >= 0, let headers = details[Int(entry.details)].headers else {
            return entry.sentRevision != backend.headersRevision
        }
        return headers != details[Int(entry.details)].sentHeaders
    }

    // MARK: For each keepalive: nothing is copied or allocated

    /// The origin of a session; nil when the handle is no longer in use.
    func origin(of handle: SessionHandle) -> SessionOrigin? {
        isInUse(handle) ? entries[Int(handle.index)].origin : nil
    }

    /// The id of a session, for as long as `body` runs; no bytes when it has none.
    func withIdentifier<Result>(of handle: SessionHandle, _ body: (Swift.Span<UInt8>) -> Result) -> Result {
        identifiers.withBytes(of: isInUse(handle) ? entries[Int(handle.index)].identifier : .init(), body)
    }

    /// The headers with which a call on a session goes out, and notes that they did.
    mutating func sendHeaders(on handle: SessionHandle, of backend: Backend) -> [HeaderField] {
        guard isInUse(handle) else { return backend.headers }
        let place = Int(entries[Int(handle.index)].details)
        if place >= 0, let headers = details[place].headers {
            details[place].sentHeaders = headers
            return headers
        }
        entries[Int(handle.index)].sentRevision = backend.headersRevision
        return backend.headers
    }

    /// What a session negotiated; nil when nobody said.
    func protocolVersion(of handle: SessionHandle) -> ProtocolVersion? {
        isInUse(handle) ? version(of: entries[Int(handle.index)]) : nil
    }

    /// The name of a session that can be shown; empty when there is none.
    func name(of handle: SessionHandle) -> String {
        guard isInUse(handle) else { return "" }
        let entry = entries[Int(handle.index)]
        return switch naming {
        case .hash: entry.code == 0 ? "" : SessionHash.name(of: entry.code)
        case .raw: String(decoding: identifiers.copy(entry.identifier), as: UTF8.self)
        case .omit: ""
        }
    }

    // MARK: Places

    private func isInUse(_ handle: SessionHandle) -> Bool {
        Int(handle.index) < entries.count && entries[Int(handle.index)].generation == handle.generation
    }

    private func version(of entry: Entry) -> ProtocolVersion? {
        if entry.version > 0 { return versions[Int(entry.version) - 1] }
        return entry.details >= 0 ? details[Int(entry.details)].protocolVersion : nil
    }

    /// The number of a version, counted from 1; nil when there are more versions than anybody needs.
    private mutating func number(of version: ProtocolVersion) -> UInt8? {
        if let index = versions.firstIndex(of: version) { return UInt8(index + 1) }
        guard versions.count < Self.mostVersions else { return nil }
        versions.append(version)
        return UInt8(versions.count)
    }

    /// How many versions are looked for one after the other.
    private static let mostVersions = 16

    private mutating func makeDetails() -> Int32 {
        if let place = freeDetails.popLast() { return place }
        details.append(Details())
        return Int32(details.count - 1)
    }

    private mutating func freeDetails(of index: Int) {
        let place = entries[index].details
        guard place >= 0 else { return }
        details[Int(place)] = Details()
        freeDetails.append(place)
        entries[index].details = -1
    }

    private mutating func free(_ index: Int) {
        identifiers.remove(entries[index].identifier)
        freeDetails(of: index)
        entries[index] = Entry()
    }
}
