// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Transfer

/// What the requests on each session need, by the engine's handle; handles are dense, so it is an array.
struct SessionDirectory: Sendable {
    private struct Entry: Sendable {
        /// Nil while the place is free.
        var handle: SessionHandle?
        var context: SessionContext
    }

    private var entries: [Entry] = []

    /// The context of a session; nil when the handle is no longer, or not yet, in use.
    subscript(handle: SessionHandle) -> SessionContext? {
        get { isInUse(handle) ? entries[Int(handle.index)].context : nil }
        set {
            while entries.count <= Int(handle.index) { entries.append(Self.free) }
            if let newValue {
                entries[Int(handle.index)] = Entry(handle: handle, context: newValue)
            } else if isInUse(handle) {
                entries[Int(handle.index)] = Self.free
            }
        }
    }

    /// The name of a session that can be shown; empty when there is none.
    ///
    /// Reads nothing else: a context has many references, and copying all of them takes longer than the rules of a keepalive.
    func name(of handle: SessionHandle) -> String {
        isInUse(handle) ? entries[Int(handle.index)].context.name : ""
    }

    /// What a session negotiated, see `name`; empty when nobody said.
    func protocolVersion(of handle: SessionHandle) -> String {
        isInUse(handle) ? entries[Int(handle.index)].context.protocolVersion?.rawValue ?? "" : ""
    }

    /// Notes the headers with which a call on a session goes out.
    mutating func noteSent(_ headers: [HeaderField], on handle: SessionHandle) {
        if isInUse(handle) { entries[Int(handle.index)].context.sentHeaders = headers }
    }

    /// All sessions of one backend.
    func handles(on backend: BackendIndex) -> [SessionHandle] {
        entries.compactMap { $0.context.backend == backend ? $0.handle : nil }
    }

    private static let free = Entry(handle: nil, context: SessionContext(origin: .attached, backend: 0))

    private func isInUse(_ handle: SessionHandle) -> Bool {
        Int(handle.index) < entries.count && entries[Int(handle.index)].handle == handle
    }
}
